"""The map of an area's help: stage across, level down, laid out from the directory's data alone.

`entry` says what one service is to the map, `scale` where a moment lies from left to right, `contacts` who
sees every family and when, `lettering` how wide words are, `layout` puts it together without overlap,
`listing` tells the same as a list. All pure: facts in, numbers and words out.
"""

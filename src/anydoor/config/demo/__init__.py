"""The synthetic county of `anydoor demo`: four areas, their staff, and half a year of families.

Everybody here is invented. What happens to them is done by the verbs of `care`, one after the other, at
simulated moments that end now, so that what stands in the database is what six months of use would leave.

    story.py, stories_*   what people tell, in their own words
    people.py, names.py   who tells it
    staff.py              who works where, rotas, leave
    clock.py              simulated days and hours
    acts.py               single steps of work: read, speak, decide, hand over, meet, end
    course.py             what becomes of a family, as a generator of moments
    routine.py            routine contacts as their time comes, and partners' own assessments
    present.py            what lies on each desk today
    script.py             the families of the drawn screens, in Norfolk; also drawn*.py, script_inbox.py
    directory_kept.py     how entries of the directory were changed, reported and checked
    loading.py            the whole load: areas, staff, families, checks, the marker
    signins.py            whom to sign in as
"""

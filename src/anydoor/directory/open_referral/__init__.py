"""Open Referral UK, both ways: our entries as version 3 documents, and other directories' documents as ours.

`publishing` writes, `reading` reads, `carrying` keeps what our columns cannot say, `version_one` turns the
older standard into the newer, `stream` takes a long file apart entry by entry. All but the rows of
`publishing` are plain data in and out. Facts about the standard: `docs/reference/open-referral.md`.
"""

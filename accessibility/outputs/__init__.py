"""
Results people open, and the care with which they are put in place: nouns in, a path out.

Import from the file that is named; this package itself loads nothing heavy.

::

    writing      staged_folder, staged_file: write everything aside, then swap it in
    manifest     what a result was made from: inputs, parameters, versions, the hash of every file
    tables       CSV, XLSX, GPKG, GeoJSON;  sheets: what stands in them;  headings: their columns
    plain        the plain CSV of matrices;  parquet, streaming: tables larger than memory
    maps/        offline maps, each one file;  maps/study_maps: those of a study
    page         the page of findings
    comparison/  before and after a scenario, and scenarios in order: pages, maps, sheets, words
    ranges/      intervals of a scenario, and what matters most
    scenario/    a scenario as a file and in words
    evidence/    claims with their words, conditions and figures
    report/      the annex to a reply: one document, written as Word, page, workbook and PDF
    archive      a study with its results in one zip
    gtfs, driving_plan   lines for other programs, and for operators
    wording, journey_words, transit_words, finding_words   sentences that several of these share
"""

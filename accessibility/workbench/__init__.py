"""The workbench: a page on which a bus line is drawn or bent and the consequences appear at once.

The server itself stays small; everything that needs streets and timetables is computed by worker processes
(`accessibility.workbench.jobs`), which reach the engine through `accessibility.workbench.engine`.
"""

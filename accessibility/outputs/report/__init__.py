"""The annex to a reply: one document, written as Word, page, workbook and PDF."""

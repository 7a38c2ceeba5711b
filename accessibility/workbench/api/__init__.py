"""The JSON that the page works with; `openapi.json` beside this file describes it."""

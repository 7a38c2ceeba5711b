"""
Results people open: maps, the page, tables, the manifest, and the care with which they are put in place.

Nouns in, a path out. Import from the file that is named; this package itself loads nothing heavy.

::

    writing.staged_folder(target)                      with ... as folder: write everything, then swap it in
    writing.staged_file(path)                          with ... as temporary: the same for one file
    base_layer.base_layer(streets)                     -> BaseLayer, made once and shared by all maps
    offline_map.Tiles(url, attribution)                an optional base layer from a server; default none
    map_frame.MapFrame(study, places, base, provenance, tiles=None)
    maps.overview_map(path, frame, *, overlays=(), times=(), tables=())
    maps.grid_map(path, frame, grid, tables)           tables whose origins are the grid's cells, any measure
    maps.isochrone_map(path, frame, isochrones)
    maps.journey_map(path, frame, journeys)
    comparison_maps.difference_map(path, frame, grid, comparison, lines); likewise before_after_map
    comparison_page.write_comparison_page(path, content); comparisons_page.write_comparisons_page(path, ...)
    charts.ranking_chart(path, ranking); ranking_page.write_ranking_page(path, content)
    page.PageContent(study, findings, tables, times, places, provenance, terminal_s, unknowns, assumptions,
                     maps, files, parameters)
                                                       maps: (file, title, sentence); files: (file, sentence)
    page.write_page(path, content)                     index.html
    sheets.nearest_sheet(tables, origins, destinations, terminal_s=())  -> Sheet; likewise
    sheets.matrix_sheet(times, origins, destinations, as_of=""), sheets.opportunities_sheet(tables, origins),
    sheets.isochrone_sheet(isochrones, origins), sheets.journey_sheet(journeys, places),
    sheets.places_sheet(places), sheets.sources_sheet(provenance), sheets.assumptions_sheet(assumptions),
    sheets.notices_sheet(provenance), sheets.unknowns_sheet(unknowns)
    tables.write_csv(path, sheet)
    tables.write_xlsx(path, sheets, title=..., as_of=...)
    tables.write_gpkg(path, layers, as_of=...)         layers from geo_layers.places_layer / grid_layer /
                                                       isochrone_layer / journey_layer / streets_layer
    tables.write_geojson(path, layer)
    manifest.write_manifest(folder, study_id=..., provenance=..., parameters=..., as_of=...)
"""

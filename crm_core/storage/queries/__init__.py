"""Reading the grid's tables: the only place that selects from them, and where soft delete is filtered."""

"""The pages that people see: templates, assets, and their rendering."""

"""HTML of what Slack shows. Pure: what people and apps wrote is escaped by `htpy`."""

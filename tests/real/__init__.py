"""A brief made from five real open-source servers: Request Tracker, PostgreSQL, Synapse, Redmine and MediaWiki."""

"""The service's database. SQLAlchemy is imported here and nowhere else in the service."""

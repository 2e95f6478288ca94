"""The database: tables, transactions, questions and answers; nothing above sees a mapped object."""

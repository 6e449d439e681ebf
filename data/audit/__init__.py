"""The audit log: who saw, handed out or changed what. Append-only, hash-chained and keyed; it outlives the reports."""

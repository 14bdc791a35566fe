-- Creates the one database of the embedded cluster.
-- Parameters: none.
-- Rows: none.
-- Locks: share lock on template1 for the length of the copy.
-- Minimum version: PostgreSQL 14.
create database fordway

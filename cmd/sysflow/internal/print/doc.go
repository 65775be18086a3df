// Package print implements `sysflow print`, which shows stored traces as a table,
// JSON lines or CSV.
package print

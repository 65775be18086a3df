// Package policy evaluates SysFlow policies and Falco rule files on SysFlow records. It is
// usable without the collector: load files with ReadFiles and Load, make an Evaluator, and
// give it records, for instance from lineage.Stream.
//
// The parts are packages of their own: syntax reads conditions, rules loads files, field
// says what can be asked of a record, expr binds conditions to fields, engine evaluates all
// of them at once, and sequence follows what happens one after the other.
package policy

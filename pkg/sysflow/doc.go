// Package sysflow defines the SysFlow records: the entities (header,
// containers, pods, processes, files) that describe a system and the events and
// flows that describe its behaviour.
//
// The types mirror the SysFlow schema field by field: version 5, and what version 6 of this
// project appends to it. Where a version cannot say something (IPv6 addresses in version 5),
// package avro documents how the value travels. All timestamps are nanoseconds since the
// Unix epoch.
package sysflow

// Package sysflow defines the SysFlow records: the entities (header,
// containers, pods, processes, files) that describe a system and the events and
// flows that describe its behaviour.
//
// The types mirror version 5 of the SysFlow schema field by field; where version
// 5 cannot say something (IPv6 addresses) the Go type is wider and the Avro
// package documents how the value travels. All timestamps are nanoseconds since
// the Unix epoch.
package sysflow

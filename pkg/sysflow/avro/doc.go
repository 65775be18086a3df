// Package avro reads and writes SysFlow traces: Avro object container files
// whose single record type, sysflow.SysFlow, is a union of the SysFlow records.
//
// # Reading
//
// A [Reader] decodes a file by the schema that the file carries, so every version of
// the format ever written (1000, 1001, 2 to 5, and version 6 of this project) is read: records are
// found by full name, fields by name, unknown fields are skipped, fields that the file's version
// does not have yet are zero (so is the ip of a header without one, where the schema's default is
// "NA": unknown is absent here) or unknown: descriptors and ids are -1. Codecs: null, deflate, snappy
// and zstandard. Memory is bounded by the largest block, not by the length of the file.
//
// Whatever is wrong with the data is an [*Error] that names the file and the block. All
// whole blocks before it have been delivered by then, and of a block that was read whole
// but holds a bad record, also the records before that one.
//
// # Writing
//
// A [Writer] writes schema version 5 as upstream's collector does: the same schema text,
// the two metadata keys avro.codec and avro.schema, deflate, blocks closed once they hold
// 80,000 bytes. Some of what version 5 has no fields for is carried by other records, which the
// Reader turns back, and only exactly these; upstream's readers show what is written:
//
//   - IPv6: version 5 has 32-bit addresses only. A network flow with an IPv6 address is written
//     as a [sysflow.File] of type '6' with the path "[src]:sport->[dst]:dport/proto" followed by a
//     file flow on it (open flags 0) with the same operations, descriptor and counters. Addresses that
//     are IPv4 in IPv6 (::ffff:a.b.c.d) are written as IPv4.
//   - Network events: upstream's collector writes none, and a single one makes upstream's
//     Python reader give up the file. They are written in the same way, as file events; the type of
//     the file is '4' and its path "src:sport->dst:dport/proto" if both addresses are IPv4.
//   - Gaps: a [sysflow.Gap] is written as a [sysflow.K8sEvent] of kind K8S_UNKNOWN with action
//     K8S_COMPONENT_ERROR, whose time is the start of the gap and whose message is
//     {"sysflow.gap":{"cause":"ring_buffer_full","count":123,"end":1700000000000000000}}, in this order
//     and without blanks. Version 6 does the same: its union has no more branches.
//
// What version 5 cannot carry at all:
//
//   - Events with an operation beyond [sysflow.OpRename], which upstream has no name for, would look
//     like events that did nothing. They are left out and counted, see [Writer.Unwritable].
//   - Details of processes; runtime, digest, labels and mounts of containers; origins; arguments of
//     file and network events; descriptors of network events. They are left out in silence.
//
// In both versions:
//
//   - An invalid (zero) address is written as 0.0.0.0.
//   - "" and null are the same for container and pod ids: written as null.
//   - Container types without a symbol are CT_CUSTOM, Kubernetes kinds and actions without
//     one are the schema's UNKNOWN.
//   - Avro strings are UTF-8, and upstream's reader refuses a file that holds anything else.
//     Bytes that are not UTF-8 are replaced by U+FFFD. File ids are written as given,
//     so they stay those of the path as the kernel knows it.
//
// # Version 6
//
// [SchemaV6] is an extension of this project, see [WriterOptions]. It says all that the records can
// say, but for the zones of IPv6 addresses, which mean nothing on another host. It appends fields
// with defaults to the records of version 5 and does nothing else, so a reader that
// resolves the file's schema against version 5, as Avro specifies, reads it: it sees IPv6 flows as flows
// of 0.0.0.0, and events with new operations as events without any (bits 21 to 30 are in the field of
// version 5, the rest in one of their own). Upstream's sysprint reads by the file's
// schema and prints the same, but gives up a file with network events.
package avro

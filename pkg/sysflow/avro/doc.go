// Package avro reads and writes SysFlow traces: Avro object container files
// whose single record type, sysflow.SysFlow, is a union of the SysFlow records.
//
// # Reading
//
// A [Reader] decodes a file by the schema that the file carries, so every version of
// the format ever written (1000, 1001, 2 to 5) is read: records are found by full name,
// fields by name, unknown fields are skipped, fields that the file's version does not have
// yet are zero (so is the ip of a header without one, where the schema's default is "NA":
// unknown is absent here). Codecs: null, deflate, snappy and zstandard. Memory is bounded by the largest block, not by the length of the file.
//
// Whatever is wrong with the data is an [*Error] that names the file and the block. All
// whole blocks before it have been delivered by then, and of a block that was read whole
// but holds a bad record, also the records before that one.
//
// # Writing
//
// A [Writer] writes schema version 5 as upstream's collector does: the same schema text,
// the two metadata keys avro.codec and avro.schema, deflate, blocks closed once they hold
// 80,000 bytes. What version 5 cannot say is mapped as follows:
//
//   - IPv6: version 5 has 32-bit addresses only. A network flow or event with an IPv6
//     address is written as a [sysflow.File] of type '6' with the path
//     "[src]:sport->[dst]:dport/proto" followed by a file flow (open flags 0) or file event on
//     it with the same operations, descriptor, counters and result. The Reader turns exactly
//     these back; upstream's readers show file flows with a readable path. Addresses that
//     are IPv4 in IPv6 (::ffff:a.b.c.d) are written as IPv4.
//   - Network events of IPv4 are written as such. No version of upstream's collector writes
//     any, and upstream's Python reader fails on them.
//   - An invalid (zero) address is written as 0.0.0.0.
//   - "" and null are the same for container and pod ids: written as null.
//   - Container types without a symbol are CT_CUSTOM, Kubernetes kinds and actions without
//     one are the schema's UNKNOWN.
//   - Avro strings are UTF-8, and upstream's reader refuses a file that holds anything else.
//     Bytes that are not UTF-8 are replaced by U+FFFD. File ids are written as given,
//     so they stay those of the path as the kernel knows it.
package avro

// Package interop holds live traces against readers that share no code with this
// project: SysFlow's own sysprint, Avro's C library and a generic Avro reader.
package interop

// Package plogs maps SysFlow records to OpenTelemetry logs and back, without loss.
//
// # The model
//
// SysFlow is object-relational: a process is described once, its events point to it.
// OTLP has the same shape, so nothing is flattened:
//
//	ResourceLogs   one version of a process, with its container, pod and node
//	  LogRecord    an event or flow of that process, with the files it touched
//
// A batch with 8,000 records of 60 processes carries 60 descriptions. When a process
// changes (exec, setuid) or its container does, what follows comes under a new resource.
//
// The table in this package, see Attributes, describes every attribute;
// docs/attributes.md is generated from it. Standard names are used where the semantic
// conventions have one, "sysflow." names for the rest, and what is unknown is absent.
//
// # Entities
//
// Most entities travel inside the events that need them. Those that no event of a
// batch carries (ancestors, a process that changed again before it did anything, files
// without event) become records of their own under the names sysflow.process,
// sysflow.file and sysflow.container. Pods and headers always do, as sysflow.pod and
// sysflow.header: a pod says more than fits on every process, a header begins a trace.
// Ancestors come before their descendants.
//
// What version 6 of the schema brought is there where it is known. A process has details if it has
// sysflow.process.comm, which is written for these even if it is empty. Notices of gaps belong to no
// process: they are records named sysflow.gap on the resource of the host.
//
// What is only needed to restore a File record (its state and time) is on the first
// record about that file. The id is given only where it is not the hash it should be.
//
// # Order
//
// The records of a batch are spread over resources. The observed timestamp of a record
// is the time when it was written (that of an event, the end of a flow), moved by
// nanoseconds where needed to be strictly increasing. Sorting by it restores the order
// of the source exactly. Where a pipeline has dropped it, the decoder sorts by the write
// time itself, and never changes the order of one process.
//
// # The way back
//
//	records -> Encoder -> plog.Logs -> Decoder -> Observation -> Ledger -> records
//
// The Decoder yields each log record with everything it refers to. It takes any logs:
// records that are not SysFlow are skipped and counted, and so are values of the wrong
// type. The Ledger decides which entities the current trace file still lacks and writes
// them first, so that every file can be read alone: after NewFile whatever is needed
// comes again, processes and files as REUP.
//
// The round trip keeps every record. Entities may move within the rules of the
// format: header first, pod before container before process, parents before children,
// everything before the event that needs it.
package plogs

//go:generate go run ../../../internal/cmd/attributedoc -o ../../../docs/attributes.md

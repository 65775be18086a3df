// Package flow turns system events into SysFlow records: it keeps the tables of
// processes, files and open flows, gives them their ids, aggregates operations into
// flows and decides when a flow is written.
//
// It does no I/O and has no clock: time comes with the events and with Advance. A
// source (live eBPF capture, a system call capture file, a test) yields events and
// implements Meter; the records go to a sink.
//
// # When a flow is written
//
// A flow that ends within Config.FirstExport yields one record. One that is still
// open by then is written with what it has done so far, and again every
// Config.ExportInterval in which it did something: each record holds the operations
// and counters since the one before, so that the sum of all records of a flow is
// what the flow did. The last record of a flow carries OpClose when its descriptor was
// closed, and OpTruncate when the flow ended otherwise: with its process, by
// Config.IdleTimeout, because a table was full, or with the capture. This last record
// may hold nothing but that mark. A descriptor that nobody used (open before the
// capture began) yields no record until something happens to it.
//
// # When a process is written
//
// Before the first record that refers to it, after its ancestors, root first; at each
// exec and setuid; and before the next record when its user or group id has changed
// in another way. A changed working directory is written with the next exec or
// setuid only: it changes often, and no record depends on it. Records of
// containers are not written here, a process only carries its container's id.
//
// # Differences from SysFlow's own collector
//
// Flows belong to a descriptor of a process, not of a thread; an exec refreshes every
// field of the process; parents first seen at a fork are REUP, not CREATED; clone
// errors of every kind are counted; idle flows are cut with OpTruncate instead of
// being discarded; types of files are kept across operations on names.
package flow

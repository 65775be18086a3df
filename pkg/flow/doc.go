// Package flow turns system events into SysFlow records: it keeps the tables of
// processes, files and open flows, gives them their ids, aggregates operations into
// flows and decides when a flow is written.
//
// It does no I/O and has no clock: time comes with the events and with Advance. A
// source (live eBPF capture, a system call capture file, a test) yields events and
// implements Meter; the records go to a Sink.
package flow

// Package policytest reads and runs test cases of rules: what happened (processes, files,
// connections in a few words of YAML, or a recorded trace) and which rules must raise an alert.
//
// What a case describes becomes real SysFlow records (containers, processes, files, events)
// and takes the same way to the rules as the records of a trace.
package policytest

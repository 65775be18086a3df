// Package bench measures the built collector: what it costs the system calls of the
// machine, how long a record takes from the system call to the exporter, what is lost under
// load and whether that is counted, and how fast stored traces are replayed. Run it with
//
//	make build
//	SYSFLOW_TEST_PRIVILEGED=1 go test -run '^$' -bench . -timeout 60m ./tests/bench
//
// For a quick trial, -rounds=3 shortens BenchmarkCost, and -storm=5s BenchmarkStorm.
//
// A benchmark fails when a promised limit is exceeded. Nothing else should run meanwhile.
//
// Absolute times differ by a factor of three between machines. Costs are therefore given
// in multiples of the floor: what an empty BPF program on sys_exit costs here and now.
package bench

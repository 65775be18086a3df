// Package kernel runs the capture on other kernels and architectures: Debian's, listed in kernels.txt,
// under qemu in pure emulation, so without root and without KVM.
//
//	make kernels                 # downloads them, once
//	make test-kernel             # all; KERNELS=6.1-amd64,6.12-arm64 for some
//
// which is, for one kernel and one test,
//
//	SYSFLOW_TEST_KERNELS=6.1-amd64 go test -v ./tests/kernel -run TestScenario
//
// Package guest holds the tests that run inside of the machines; -v shows their output. When a kernel
// refuses a program,
//
//	SYSFLOW_TEST_KERNELS=6.1-amd64 go test -v ./tests/kernel -run TestScenario -inside TestLoad
//
// loads each by itself and prints the end of the verifier's log.
package kernel

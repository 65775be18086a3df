// Package tests holds the end-to-end suite: the built collector against the real
// kernel, and what it wrote against independent readers.
//
// The tests that need root or the built binaries run when SYSFLOW_TEST_PRIVILEGED is
// set (make test-all sets it) and then fail, instead of being skipped, when something
// that they need is missing. SYSFLOW_BIN names the folder of the binaries, by default
// bin at the root of the repository.
package tests

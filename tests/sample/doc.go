// Package sample records the trace that comes with the project: story.sh under live
// capture, cut down to the story's own processes. To record it anew:
//
//	SYSFLOW_TEST_PRIVILEGED=1 go test -count=1 ./tests/sample -args -record "$PWD/distributions/otelcol-sysflow/sample.sf"
package sample

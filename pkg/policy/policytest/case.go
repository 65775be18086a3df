package policytest

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// File is a file of test cases.
type File struct {
	// Name is how messages name it.
	Name string
	// Policies are the rule files that the cases are about; relative paths were joined with
	// the folder of the file.
	Policies []string
	Cases    []*Case
}

// Case is a test case: records, and the alerts that they must raise.
type Case struct {
	Name string
	Pos  diag.Position
	// About are the rules that the case is about, which it need not expect to match. It says
	// what a case without alerts is for.
	About []Expectation
	// Trace is the path of a recorded trace, empty if the case describes its records.
	Trace string
	// Records are those that the case describes, entities first.
	Records []sysflow.Record
	// Alerts are the rules that must match, and no others.
	Alerts []Expectation

	// lines are those of the events and flows among Records.
	lines []int
}

// Expectation is a rule that must match.
type Expectation struct {
	Rule string
	// Count is how often it must match exactly; 0 stands for at least once.
	Count int
	Pos   diag.Position
}

package avro_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Example writes a trace and reads it again.
func Example() {
	var file bytes.Buffer
	w, err := avro.NewWriter(&file, avro.WriterOptions{})
	if err != nil {
		panic(err)
	}
	shell := &sysflow.Process{State: sysflow.StateCreated, OID: sysflow.OID{CreateTS: 1_700_000_000_000_000_000, HPID: 4711}, Exe: "/bin/sh"}
	for _, rec := range []sysflow.Record{
		&sysflow.Header{Version: sysflow.SchemaVersion, Exporter: "node-1"},
		shell,
		&sysflow.ProcessEvent{ProcOID: shell.OID, TS: 1_700_000_000_000_000_001, TID: 4711, OpFlags: sysflow.OpExec},
	} {
		if err = w.Write(rec); err != nil {
			panic(err)
		}
	}
	if err = w.Close(); err != nil {
		panic(err)
	}

	r, err := avro.NewReader(&file, avro.ReaderOptions{Name: "node-1.sf"})
	if err != nil {
		panic(err)
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			panic(err)
		}
		switch rec := rec.(type) {
		case *sysflow.Process:
			fmt.Println(rec.Kind(), rec.OID, rec.Exe)
		case *sysflow.ProcessEvent:
			fmt.Println(rec.Kind(), rec.ProcOID, rec.OpFlags)
		default:
			fmt.Println(rec.Kind())
		}
	}
	// Output:
	// H
	// P 4711@1700000000000000000 /bin/sh
	// PE 4711@1700000000000000000 EXEC
}

package sample

import (
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// record is where the sample goes; by default it is recorded and checked only.
var record = flag.String("record", "", "write the sample trace to this file")

const config = `
receivers:
  sysflow:
    node:
      id: sample
exporters:
  sysflow_avro:
    directory: traces
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [sysflow_avro]
`

// folder is where the story happens; its name is in the trace.
const folder = "/tmp/sysflow-sample"

// TestSample records the story and wants its main events in the trace.
func TestSample(t *testing.T) {
	collector.NeedCapture(t)
	c := collector.Start(t, config)
	c.WaitLog(t, collector.CaptureStarted)
	root := tell(t)
	c.Stop(t)
	path := *record
	if path == "" {
		path = filepath.Join(t.TempDir(), "sample.sf")
	}
	files := trace.Files(t, filepath.Join(c.Dir, "traces"))
	require.Len(t, files, 1)
	cut(t, files[0], path, root)
	checkSample(t, path)
}

// tell runs the story and returns the pid of its first process.
func tell(t *testing.T) int64 {
	t.Helper()
	require.NoError(t, os.Mkdir(folder, 0o755))
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	story, err := os.ReadFile("story.sh")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "story.sh"), story, 0o755))
	cmd := exec.CommandContext(t.Context(), "./story.sh", ".")
	cmd.Dir = folder
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return int64(cmd.Process.Pid)
}

// cut copies what the story's processes did, from the start of its program on.
func cut(t *testing.T, from, to string, root int64) {
	t.Helper()
	out, err := os.Create(to)
	require.NoError(t, err)
	w, err := avro.NewWriter(out, avro.WriterOptions{})
	require.NoError(t, err)
	s := &cutter{root: root, family: map[sysflow.OID]bool{}, written: map[any]bool{}, write: func(rec sysflow.Record) {
		require.NoError(t, w.Write(rec))
	}}
	trace.ReadAvro(t, from, s.add)
	require.NoError(t, w.Close())
	require.NoError(t, out.Close())
}

// cutter keeps the records of one process and its descendants.
type cutter struct {
	root   int64
	family map[sysflow.OID]bool
	table  sysflow.Table
	// written holds the entities that have been written.
	written map[any]bool
	write   func(sysflow.Record)
}

func (c *cutter) add(rec sysflow.Record) {
	switch r := rec.(type) {
	case *sysflow.Header:
		c.write(&sysflow.Header{Version: sysflow.SchemaVersion, Exporter: r.Exporter})
	case *sysflow.Process:
		c.process(r)
	case *sysflow.ProcessEvent:
		if r.ProcOID.HPID == c.root && r.OpFlags == sysflow.OpExec {
			c.family[r.ProcOID] = true
		}
		c.event(r, r.ProcOID)
	case *sysflow.FileEvent:
		c.event(r, r.ProcOID, &r.FileOID, r.NewFileOID)
	case *sysflow.FileFlow:
		c.event(r, r.ProcOID, &r.FileOID)
	case *sysflow.NetworkFlow:
		c.event(r, r.ProcOID)
	case *sysflow.ProcessFlow:
		c.event(r, r.ProcOID)
	}
	c.table.Put(rec)
}

// process remembers a process; the first one of the story has no parent in it.
func (c *cutter) process(p *sysflow.Process) {
	if p.OID.HPID == c.root {
		p.POID = nil
	}
	if p.POID != nil && c.family[*p.POID] {
		c.family[p.OID] = true
	}
	delete(c.written, p.OID)
}

func (c *cutter) event(rec sysflow.Record, oid sysflow.OID, files ...*sysflow.FOID) {
	if !c.family[oid] {
		return
	}
	if !c.written[oid] {
		c.written[oid] = true
		c.write(c.table.Process(oid))
	}
	for _, id := range files {
		if id != nil && !c.written[*id] {
			c.written[*id] = true
			c.write(c.table.File(*id))
		}
	}
	c.write(rec)
}

// checkSample wants what the story tells, and nothing of where it was recorded.
func checkSample(t *testing.T, path string) {
	t.Helper()
	f := trace.Folder{}
	ops := make(map[sysflow.OpFlags]int)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	r, err := avro.NewReader(file, avro.ReaderOptions{Name: path})
	require.NoError(t, err)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch r := rec.(type) {
		case *sysflow.ProcessEvent:
			ops[r.OpFlags]++
		case *sysflow.FileEvent:
			ops[r.OpFlags]++
		case *sysflow.NetworkFlow:
			ops[r.OpFlags&(sysflow.OpAccept|sysflow.OpConnect)]++
		case *sysflow.Process:
			assert.NotContains(t, r.Exe+r.ExeArgs+r.CWD, ".test")
		}
		f.Add(rec)
	}
	for _, op := range []sysflow.OpFlags{
		sysflow.OpClone, sysflow.OpExec, sysflow.OpExit, sysflow.OpSetuid, sysflow.OpMkdir, sysflow.OpUnlink,
		sysflow.OpSymlink, sysflow.OpRename, sysflow.OpAccept, sysflow.OpConnect,
	} {
		assert.NotZero(t, ops[op], "%v in the sample", op)
	}
	f.Lines()
	assert.Empty(t, f.Problems)
	t.Logf("%d records, by kind %v", r.Records(), f.Kinds)
}

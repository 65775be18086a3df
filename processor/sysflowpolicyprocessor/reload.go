package sysflowpolicyprocessor

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/watch"
)

// largeText is the size of rule files from which on a reload gives memory back.
const largeText = 1 << 20

// logLimit is how many findings of a kind are logged one by one.
const logLimit = 20

// candidate is what the rule files say.
type candidate struct {
	files   []rules.File
	content string // identifies it
	set     *policy.Ruleset
	found   diag.List
	err     error
}

// read reads the rule files. An error is content too, so that it is told once.
func (p *policyProcessor) read() candidate {
	files, err := policy.ReadFiles(p.cfg.Policies)
	if err != nil {
		return candidate{content: "error: " + err.Error(), err: fmt.Errorf("policies: %w", err)}
	}
	return candidate{files: files, content: fingerprint(files)}
}

// check checks the rules.
func (c *candidate) check() {
	if c.err != nil {
		return
	}
	c.set, c.found = policy.Load(c.files)
	if c.set == nil {
		c.err = fmt.Errorf("policies: the rules are not sound, nothing is loaded:\n%w", c.found.Err())
		return
	}
	c.found = append(c.found, c.set.NeverMatching()...)
}

// load reads the rules at the start. Anything wrong with them is an error, unless this is
// a start after SIGHUP and there are rules to stay with.
func (p *policyProcessor) load(ctx context.Context) error {
	c := p.read()
	c.check()
	p.logFindings(c.found, diag.Warning)
	if c.err == nil {
		return p.put(ctx, &c, "Rules loaded")
	}
	files, ok := lastGood.take(p.handover, time.Now())
	if !ok {
		return c.err
	}
	before := candidate{files: files, content: fingerprint(files)}
	before.check()
	if before.err != nil {
		return c.err
	}
	p.refuse(&c)
	err := p.put(ctx, &before, "Rules loaded as before")
	p.tried = c.content
	return err
}

// put puts rules into force, unless ctx is done. It waits until no batch is under way.
func (p *policyProcessor) put(ctx context.Context, c *candidate, message string) error {
	next := newGeneration(c.set, p.cfg, len(p.shards.all), p.telemetry)
	if err := ctx.Err(); err != nil {
		return err
	}
	p.gate.Lock()
	if p.rules != nil {
		next.takeOver(p.rules)
	}
	p.rules = next
	p.gate.Unlock()
	p.loaded, p.tried, p.textSize = c.content, c.content, textSize(c.files)
	lastGood.keep(p.handover, c.files, time.Now())
	p.logger.Info(message, zap.Int("rules", len(c.set.Rules)), zap.Int("disabled", next.disabled))
	return nil
}

// refuse tells what is wrong with rules that are not put into force.
func (p *policyProcessor) refuse(c *candidate) {
	p.telemetry.reloaded(false)
	p.logFindings(c.found, diag.Error)
	var err error
	if c.found == nil { // else each finding has a line of its own
		err = c.err
	}
	p.logger.Error("Rules not reloaded, those before stay in force", zap.Error(err))
}

// watch reloads rules when their files change, until ctx is done.
func (p *policyProcessor) watch(ctx context.Context) {
	w := watch.Watcher{
		Patterns: p.cfg.Policies,
		Debounce: p.cfg.Reload.Debounce,
		Poll:     p.cfg.Reload.PollInterval,
		Changed:  func() { p.reload(ctx) },
		Logger:   p.logger,
	}
	w.Open()
	p.reload(ctx) // what changed between the start and the first watch
	w.Run(ctx)
}

// reload puts changed rules into force. If anything is wrong with them the old ones stay.
// It gives up when ctx is done, because a shutdown waits for it.
func (p *policyProcessor) reload(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	before := p.textSize
	if size := p.change(ctx); max(before, size) > largeText && size > 0 {
		// The old rules and what reading the new ones took are garbage now, which the
		// runtime would keep for a long time.
		p.freeMemory()
	}
}

// change is the reload itself. It returns the size of the rules that were checked for it, 0
// if it did not come to that; nothing of them is reachable then but what is in force.
func (p *policyProcessor) change(ctx context.Context) (size int) {
	c := p.read()
	if ctx.Err() != nil || c.content == p.tried {
		return 0
	}
	p.tried = c.content
	if c.content == p.loaded {
		p.logger.Info("Rule files are again those that are in force")
		return 0
	}
	c.check()
	if ctx.Err() != nil {
		return 0
	}
	p.logFindings(c.found, diag.Warning)
	if c.err != nil {
		p.refuse(&c)
	} else if p.put(ctx, &c, "Rules reloaded") == nil {
		p.telemetry.reloaded(true)
	}
	return textSize(c.files)
}

func textSize(files []rules.File) int {
	n := 0
	for _, f := range files {
		n += len(f.Text)
	}
	return n
}

// fingerprint identifies the names and contents of files.
func fingerprint(files []rules.File) string {
	h := sha256.New()
	part := func(b []byte) {
		var size [8]byte
		binary.LittleEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	for _, f := range files {
		part([]byte(f.Name))
		part(f.Text)
	}
	return string(h.Sum(nil))
}

// logFindings logs the errors or warnings, one line each up to a limit. What concerns
// those who write rules more than those who run them is for the log level debug.
func (p *policyProcessor) logFindings(found diag.List, severity diag.Severity) {
	level := zapcore.ErrorLevel
	if severity == diag.Warning {
		level = zapcore.WarnLevel
	}
	n := 0
	for _, d := range found {
		if d.Severity != severity {
			continue
		}
		if d.Code == diag.WarnUnusedMacro || d.Code == diag.WarnUnusedList {
			p.logger.Debug(finding(d), zap.String("code", string(d.Code)))
			continue
		}
		n++
		if n <= logLimit {
			p.logger.Log(level, finding(d), zap.String("code", string(d.Code)))
		}
	}
	if n > logLimit {
		p.logger.Log(level, "There are more findings in rule files, which 'sysflow policy check' shows", zap.Int("more", n-logLimit))
	}
}

// finding is a diagnostic as one line, without what the fields of the log say.
func finding(d *diag.Diagnostic) string {
	var s strings.Builder
	item := d.Item
	if strings.HasPrefix(d.Message, item) {
		item = "" // said already
	}
	for _, part := range []string{d.Pos.String(), item} {
		if part != "" {
			s.WriteString(part + ": ")
		}
	}
	s.WriteString(d.Message)
	if d.Hint != "" {
		s.WriteString("; " + d.Hint)
	}
	return s.String()
}

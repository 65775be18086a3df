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

// logLimit is how many findings of a kind are logged one by one.
const logLimit = 20

// load reads the rules at the start. Anything wrong with them is an error.
func (p *policyProcessor) load() error {
	files, err := policy.ReadFiles(p.cfg.Policies)
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	set, found := policy.Load(files)
	p.logFindings(found, diag.Warning)
	if set == nil {
		return fmt.Errorf("policies: the rules are not sound, nothing is loaded:\n%w", found.Err())
	}
	p.put(set, fingerprint(files), "Rules loaded")
	return nil
}

// put puts rules into force. It waits until no batch is under way.
func (p *policyProcessor) put(set *policy.Ruleset, files, message string) {
	next := newGeneration(set, p.cfg, len(p.shards.all))
	p.gate.Lock()
	if p.rules != nil {
		next.takeOver(p.rules)
	}
	p.rules = next
	p.gate.Unlock()
	p.loaded, p.tried = files, files
	p.logger.Info(message, zap.Int("rules", len(set.Rules)), zap.Int("disabled", next.disabled))
}

// watch reloads rules when their files change, until ctx is done.
func (p *policyProcessor) watch(ctx context.Context) {
	w := watch.Watcher{
		Patterns: p.cfg.Policies,
		Debounce: p.cfg.Reload.Debounce,
		Poll:     p.cfg.Reload.PollInterval,
		Changed:  p.reload,
		Logger:   p.logger,
	}
	w.Open()
	p.reload() // what changed between the start and the first watch
	w.Run(ctx)
}

// reload puts changed rules into force. If anything is wrong with them the old ones stay.
func (p *policyProcessor) reload() {
	files, err := policy.ReadFiles(p.cfg.Policies)
	if err != nil {
		if p.isNew("error: " + err.Error()) {
			p.refuse(err)
		}
		return
	}
	content := fingerprint(files)
	if !p.isNew(content) {
		return
	}
	if content == p.loaded {
		p.logger.Info("Rule files are again those that are in force")
		return
	}
	began := time.Now()
	set, found := policy.Load(files)
	p.logFindings(found, diag.Warning)
	if set == nil {
		p.logFindings(found, diag.Error)
		p.refuse(nil)
		return
	}
	p.put(set, content, "Rules reloaded")
	p.telemetry.reloaded(true)
	p.logger.Debug("Reload done", zap.Duration("took", time.Since(began)))
}

// isNew reports whether this is not what was tried last, so that what is wrong is told once.
func (p *policyProcessor) isNew(content string) bool {
	known := content == p.tried
	p.tried = content
	return !known
}

func (p *policyProcessor) refuse(err error) {
	p.telemetry.reloaded(false)
	p.logger.Error("Rules not reloaded, those before stay in force", zap.Error(err))
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

// logFindings logs the errors or warnings, one line each up to a limit.
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
		n++
		if n <= logLimit {
			p.logger.Log(level, "Rule files: "+finding(d), zap.String("position", d.Pos.String()), zap.String("code", string(d.Code)))
		}
	}
	if n > logLimit {
		p.logger.Log(level, "Rule files: more findings, which 'sysflow policy check' shows", zap.Int("more", n-logLimit))
	}
}

// finding is a diagnostic as one line, without what the fields of the log say.
func finding(d *diag.Diagnostic) string {
	var s strings.Builder
	if d.Item != "" {
		s.WriteString(d.Item + ": ")
	}
	s.WriteString(d.Message)
	if d.Hint != "" {
		s.WriteString("; " + d.Hint)
	}
	return s.String()
}

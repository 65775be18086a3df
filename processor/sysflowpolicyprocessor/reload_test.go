package sysflowpolicyprocessor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

const waitLimit = 20 * time.Second

// ruleNamed is a rule file with one rule, which the shell's start matches.
func ruleNamed(name string) string {
	return fmt.Sprintf("- rule: %s\n  desc: d\n  condition: sf.opflags = EXEC\n  priority: high\n", name)
}

// watching makes changes known quickly, without polling.
func watching(policies ...string) func(*Config) {
	return func(c *Config) {
		c.Policies = policies
		c.Reload = ReloadConfig{Enabled: true, Debounce: time.Millisecond}
	}
}

// logged returns settings with a log that can be looked at.
func logged() (processor.Settings, *observer.ObservedLogs) {
	core, logs := observer.New(zapcore.InfoLevel)
	set := processortest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	return set, logs
}

func awaitLog(t *testing.T, logs *observer.ObservedLogs, message string, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return logs.FilterMessage(message).Len() >= n }, waitLimit, time.Millisecond, message)
}

// now returns which rules match the start of a shell now.
func now(t *testing.T, p processor.Logs, sink *consumertest.LogsSink) []string {
	t.Helper()
	sink.Reset()
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(append(entities("web-1"), exec(t0)))))
	return alertNames(sink)
}

const (
	reloadedMessage = "Rules reloaded"
	refusedMessage  = "Rules not reloaded, those before stay in force"
)

func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("one"))
	set, logs := logged()
	p, sink := started(t, config(watching(path)), set)
	assert.Equal(t, []string{"one"}, now(t, p, sink))

	writeFile(t, path, ruleNamed("two"))
	awaitLog(t, logs, reloadedMessage, 1)
	assert.Equal(t, []string{"two"}, now(t, p, sink))

	writeFile(t, path, ruleNamed("three")+"- rule: bad\n  desc: d\n  condition: sf.no.such = 1\n  priority: high\n")
	awaitLog(t, logs, refusedMessage, 1)
	assert.Equal(t, []string{"two"}, now(t, p, sink), "the rules before stay")
	findings := logs.FilterMessageSnippet(path + `:7:14: rule "bad": `)
	require.Equal(t, 1, findings.Len(), "%v", logs.All())
	assert.Contains(t, findings.All()[0].Message, "sf.no.such")

	require.NoError(t, os.Remove(path))
	awaitLog(t, logs, refusedMessage, 2)
	assert.Equal(t, []string{"two"}, now(t, p, sink), "the rules before stay")

	writeFile(t, path, ruleNamed("two"))
	awaitLog(t, logs, "Rule files are again those that are in force", 1)

	writeFile(t, path, ruleNamed("four"))
	awaitLog(t, logs, reloadedMessage, 2)
	assert.Equal(t, []string{"four"}, now(t, p, sink))
}

// A mounted ConfigMap changes when Kubernetes turns the link ..data.
func TestReloadOfConfigMap(t *testing.T) {
	dir := t.TempDir()
	version := func(name string) {
		require.NoError(t, os.Mkdir(filepath.Join(dir, ".."+name), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".."+name, "rules.yaml"), []byte(ruleNamed(name)), 0o600))
		require.NoError(t, os.Symlink(".."+name, filepath.Join(dir, "..data_tmp")))
		require.NoError(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	}
	version("one")
	require.NoError(t, os.Symlink(filepath.Join("..data", "rules.yaml"), filepath.Join(dir, "rules.yaml")))
	for _, policies := range []string{dir, filepath.Join(dir, "*.yaml"), filepath.Join(dir, "rules.yaml")} {
		set, logs := logged()
		p, sink := started(t, config(watching(policies)), set)
		before := now(t, p, sink)
		require.Len(t, before, 1, "each file is read once")
		next := before[0] + "x"
		version(next)
		awaitLog(t, logs, reloadedMessage, 1)
		assert.Equal(t, []string{next}, now(t, p, sink))
	}
}

func TestReloadByPolling(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("one"))
	set, logs := logged()
	_, _ = started(t, config(func(c *Config) {
		c.Policies = []string{path}
		c.Reload = ReloadConfig{Enabled: true, Debounce: time.Hour, PollInterval: time.Millisecond}
	}), set)
	writeFile(t, path, ruleNamed("two"))
	awaitLog(t, logs, reloadedMessage, 1)
}

// A reload forgets neither processes nor what was suppressed.
func TestReloadKeepsWhatIsKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	rule := "- rule: r\n  desc: d\n  condition: evt.type = execve and proc.pname = nginx\n  output: '%s'\n  priority: NOTICE\n"
	writeFile(t, path, fmt.Sprintf(rule, "one"))
	set, logs := logged()
	p, sink := started(t, config(watching(path), func(c *Config) { c.Dedup.Window = 10 * time.Second }), set)
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(append(entities("web-1"), exec(t0)))))
	require.Equal(t, []string{"r"}, alertNames(sink))

	writeFile(t, path, fmt.Sprintf(rule, "two"))
	awaitLog(t, logs, reloadedMessage, 1)
	sink.Reset()
	child := slices.Concat(childOnly("web-1"), []sysflow.Record{exec(t0 + 5*second), exec(t0 + 20*second)})
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(child)))
	require.Len(t, allRecords(sink), 1)
	lr := allRecords(sink)[0]
	assert.Equal(t, "two", lr.Body().Str())
	assert.Equal(t, "1", text(lr.Attributes(), plogs.KeyRuleSuppressed))
}

func TestBadRulesAtTheStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, "- rule: a\n  desc: d\n  condition: sf.no.such = 1\n  priority: high\n"+
		"- rule: b\n  desc: d\n  condition: evt.type = nosuch\n  priority: high\n")
	for name, tt := range map[string]struct {
		policy string
		want   []string
	}{
		"findings": {path, []string{"rules.yaml:3:14", "sf.no.such", "rules.yaml:7:"}},
		"no file":  {filepath.Join(t.TempDir(), "none.yaml"), []string{"policies: ", "none.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(watching(tt.policy))
			p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
			require.NoError(t, err)
			err = p.Start(t.Context(), componenttest.NewNopHost())
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
			require.NoError(t, p.Shutdown(t.Context()))
		})
	}
}

func TestWarningsAreCounted(t *testing.T) {
	var file strings.Builder
	for i := range logLimit + 5 {
		fmt.Fprintf(&file, "- rule: r%d\n  desc: d\n  condition: sf.proc.name != [a, b%d]\n  priority: high\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, file.String())
	set, logs := logged()
	_, _ = started(t, config(func(c *Config) { c.Policies = []string{path} }), set)
	assert.Equal(t, logLimit, logs.FilterFieldKey("code").Len())
	rest := logs.FilterFieldKey("more")
	require.Equal(t, 1, rest.Len())
	assert.EqualValues(t, 5, rest.All()[0].ContextMap()["more"])
}

// What nobody uses matters to who writes the rules.
func TestUnusedIsNoWarning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("r")+"- macro: m\n  condition: sf.opflags = EXEC\n- list: l\n  items: [a]\n")
	core, logs := observer.New(zapcore.DebugLevel)
	set := processortest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	_, _ = started(t, config(func(c *Config) { c.Policies = []string{path} }), set)
	assert.Zero(t, logs.FilterLevelExact(zapcore.WarnLevel).Len(), "%v", logs.All())
	assert.Equal(t, 2, logs.FilterLevelExact(zapcore.DebugLevel).FilterMessageSnippet(path).Len(), "%v", logs.All())
}

// A shutdown waits for a reload under way, which must not go on then.
func TestReloadGivesUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("one"))
	p, err := newPolicyProcessor(config(func(c *Config) { c.Policies = []string{path} }), processortest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.NoError(t, p.load(t.Context()))
	before := p.rules
	writeFile(t, path, ruleNamed("two"))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	p.reload(ended)
	assert.Same(t, before, p.rules)
	c := p.read()
	c.check()
	require.ErrorIs(t, p.put(ended, &c, reloadedMessage), context.Canceled)
	assert.Same(t, before, p.rules)
	require.ErrorIs(t, p.load(ended), context.Canceled)
	p.reload(t.Context())
	assert.NotSame(t, before, p.rules)
	require.NoError(t, p.shutdown(t.Context()))
}

// On SIGHUP the collector ends the component and makes a new one.
func TestBadRulesAfterSIGHUP(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("one"))
	p, _ := started(t, config(watching(path)))
	require.NoError(t, p.Shutdown(t.Context()))

	writeFile(t, path, "- rule: bad\n  desc: d\n  condition: sf.no.such = 1\n  priority: high\n")
	set, logs := logged()
	p, sink := started(t, config(watching(path)), set)
	assert.Equal(t, []string{"one"}, now(t, p, sink), "the rules before stay")
	awaitLog(t, logs, refusedMessage, 1)
	assert.Equal(t, 1, logs.FilterMessageSnippet(path+":3:14: ").Len())

	writeFile(t, path, ruleNamed("two"))
	awaitLog(t, logs, reloadedMessage, 1)
	assert.Equal(t, []string{"two"}, now(t, p, sink))
	assert.Equal(t, 1, logs.FilterMessage(refusedMessage).Len(), "what is wrong is told once")
}

// What large rules leave behind is given back, once, also if they are refused.
func TestLargeRulesGiveMemoryBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	large := strings.Repeat("# padding\n", largeText/10+1)
	writeFile(t, path, ruleNamed("a"))
	cfg := config(func(c *Config) { c.Policies = []string{path} })
	p, err := newPolicyProcessor(cfg, processortest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	freed := 0
	p.freeMemory = func() {
		freed++
		assert.True(t, p.gate.TryLock(), "batches do not wait for it")
		p.gate.Unlock()
	}
	require.NoError(t, p.load(t.Context()))
	for i, s := range []struct {
		text  string
		freed int
	}{
		{ruleNamed("b"), 0},
		{ruleNamed("b"), 0},
		{ruleNamed("c") + large, 1},
		{ruleNamed("c") + large, 1}, // nothing changed
		{ruleNamed("d"), 2},
		{ruleNamed("e"), 2},
		{"- rule: bad\n" + large, 3},
	} {
		writeFile(t, path, s.text)
		p.reload(t.Context())
		assert.Equal(t, s.freed, freed, "step %d", i)
	}
	require.NoError(t, p.shutdown(t.Context()))
}

// Rules that no record can match are in force, but not in silence.
func TestRulesThatNeverMatchAreLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, "- rule: a\n  desc: d\n  condition: sf.type = PE and sf.opflags = OPEN\n  priority: low\n")
	set, logs := logged()
	started(t, config(func(c *Config) { c.Policies = []string{path} }), set)
	require.Equal(t, 1, logs.FilterLevelExact(zapcore.WarnLevel).Len())
	assert.Contains(t, logs.All()[0].Message, `rule "a": no record can match: sf.type = PE and sf.opflags = OPEN`)
}

package sysflowpolicyprocessor

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/suppress"
)

// minPollInterval keeps the look at all rule files from taking a processor of its own.
const minPollInterval = time.Second

// Config is the configuration of the processor.
type Config struct {
	// Policies are rule files, globs of them, and folders of .yaml and .yml files.
	Policies []string `mapstructure:"policies"`
	// Mode says what passes.
	Mode Mode `mapstructure:"mode"`
	// RuleMatching says whether one record can match several rules.
	RuleMatching RuleMatching `mapstructure:"rule_matching"`

	Reload    ReloadConfig    `mapstructure:"reload"`
	Dedup     DedupConfig     `mapstructure:"dedup"`
	RateLimit RateLimitConfig `mapstructure:"rate_limit"`
	Sequences SequencesConfig `mapstructure:"sequences"`
}

// Mode says what becomes of records.
type Mode string

// The modes.
const (
	// ModeAlert passes nothing but alerts, one for each rule that a record matches.
	ModeAlert Mode = "alert"
	// ModeEnrich passes everything that no drop condition discards, and marks what matches.
	ModeEnrich Mode = "enrich"
	// ModeFilter only discards what a drop condition matches.
	ModeFilter Mode = "filter"
	// ModeBypass passes everything as it is.
	ModeBypass Mode = "bypass"
)

// RuleMatching says how many rules one record can match.
type RuleMatching string

// The ways of matching.
const (
	// MatchAll tells every rule that matches.
	MatchAll RuleMatching = "all"
	// MatchFirst tells the first one in the order of loading.
	MatchFirst RuleMatching = "first"
)

// ReloadConfig tells how changes of rule files are noticed.
type ReloadConfig struct {
	Enabled bool `mapstructure:"enabled"`
	// Debounce is how long files must be left alone before they are read.
	Debounce time.Duration `mapstructure:"debounce"`
	// PollInterval is how often files are compared where the system reports no changes,
	// as on network file systems: a second or more, 0 for never.
	PollInterval time.Duration `mapstructure:"poll_interval"`
}

// DedupConfig suppresses alerts that repeat one.
type DedupConfig struct {
	// Window is how long after an alert the same rule, process, container and file or
	// peer raise no other, in the time of the records. 0 is off.
	Window time.Duration `mapstructure:"window"`
	// MaxEntries bounds how many alerts are remembered, at least half as many, those seen
	// last. At least 2.
	MaxEntries int `mapstructure:"max_entries"`
}

// RateLimitConfig bounds the alerts of each rule and node.
type RateLimitConfig struct {
	// PerSecond is how many alerts a rule may raise in the long run, in the time of the
	// records. 0 is off.
	PerSecond float64 `mapstructure:"per_second"`
	// Burst is how many it may raise at once; 0 is PerSecond, at least one. It needs PerSecond.
	Burst int `mapstructure:"burst"`
}

// SequencesConfig bounds sequence rules.
type SequencesConfig struct {
	// MaxHits bounds how many steps are remembered of sequences that are not complete. Each
	// of as many shards as there are processors (GOMAXPROCS) has so much room, since all
	// hosts may be of one.
	MaxHits int `mapstructure:"max_hits"`
}

var _ component.Config = (*Config)(nil)

// Validate reports every mistake in the configuration at once.
func (c *Config) Validate() error {
	var errs []error
	fail := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	fail(slices.Contains([]Mode{ModeAlert, ModeEnrich, ModeFilter, ModeBypass}, c.Mode),
		"mode: must be alert, enrich, filter or bypass, got %q", c.Mode)
	fail(c.RuleMatching == MatchAll || c.RuleMatching == MatchFirst, "rule_matching: must be all or first, got %q", c.RuleMatching)
	fail(len(c.Policies) > 0 || c.Mode == ModeBypass, "policies: must name at least one rule file, glob or folder, unless mode is bypass")
	for i, p := range c.Policies {
		fail(strings.TrimSpace(p) != "", "policies::%d: must not be empty", i)
	}
	fail(c.Reload.Debounce >= 0, "reload::debounce: must not be negative, got %s", c.Reload.Debounce)
	fail(c.Reload.PollInterval == 0 || c.Reload.PollInterval >= minPollInterval,
		"reload::poll_interval: must be 0 (off) or at least %s, got %s", minPollInterval, c.Reload.PollInterval)
	fail(c.Dedup.Window >= 0, "dedup::window: must be 0 (off) or positive, got %s", c.Dedup.Window)
	fail(c.Dedup.MaxEntries >= suppress.MinEntries, "dedup::max_entries: must be at least %d, got %d", suppress.MinEntries, c.Dedup.MaxEntries)
	fail(c.RateLimit.PerSecond >= 0 && !math.IsInf(c.RateLimit.PerSecond, 1),
		"rate_limit::per_second: must be 0 (off) or a positive number, got %v", c.RateLimit.PerSecond)
	fail(c.RateLimit.Burst <= 0 || c.RateLimit.PerSecond != 0,
		"rate_limit::burst: has no effect without rate_limit::per_second, set that too, got %d", c.RateLimit.Burst)
	fail(c.RateLimit.Burst >= 0, "rate_limit::burst: must be 0 (as per_second) or positive, got %d", c.RateLimit.Burst)
	fail(c.Sequences.MaxHits > 0, "sequences::max_hits: must be positive, got %d", c.Sequences.MaxHits)
	if c.Mode != ModeAlert {
		fail(c.Dedup.Window <= 0, "dedup::window: suppresses alerts, which only mode alert raises, mode is %q", c.Mode)
		fail(c.RateLimit.PerSecond <= 0, "rate_limit::per_second: limits alerts, which only mode alert raises, mode is %q", c.Mode)
	}
	return errors.Join(errs...)
}

package sysflowconsoleexporter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Output names a stream of the collector's process.
type Output string

// Outputs.
const (
	OutputStdout Output = "stdout"
	OutputStderr Output = "stderr"
)

// Config is the configuration of the exporter.
type Config struct {
	// Output is where the lines go: stdout or stderr.
	Output Output `mapstructure:"output"`
	// Color tells when lines are coloured: auto, always or never.
	Color terminal.Color `mapstructure:"color"`
	// Types are the short names of the record types to print: PE, FE, NE, PF, FF, NF,
	// KE, GAP. All when empty.
	Types []string `mapstructure:"types"`

	// QueueConfig keeps a slow or stopped terminal from holding up the pipeline at once.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
}

var _ component.Config = (*Config)(nil)

// Validate reports every mistake in the configuration at once.
func (c *Config) Validate() error {
	var errs []error
	if c.Output != OutputStdout && c.Output != OutputStderr {
		errs = append(errs, fmt.Errorf("output: must be stdout or stderr, got %q", c.Output))
	}
	if !c.Color.Valid() {
		errs = append(errs, fmt.Errorf("color: must be auto, always or never, got %q", c.Color))
	}
	for i, name := range c.Types {
		if kind, ok := sysflow.ParseKind(name); !ok || kind.IsEntity() {
			errs = append(errs, fmt.Errorf("types::%d: must be one of %s, got %q", i, strings.Join(typeNames(), ", "), name))
		}
	}
	if c.QueueConfig.HasValue() && c.QueueConfig.Get().NumConsumers != 1 {
		errs = append(errs, fmt.Errorf("sending_queue::num_consumers: must be 1, since lines keep their order, got %d",
			c.QueueConfig.Get().NumConsumers))
	}
	return errors.Join(errs...)
}

// typeNames returns what can be printed.
func typeNames() []string {
	var names []string
	for k := range sysflow.Kind(sysflow.NumKinds) {
		if !k.IsEntity() {
			names = append(names, k.String())
		}
	}
	return names
}

// wanted tells for each kind whether it is printed.
func (c *Config) wanted() (kinds [sysflow.NumKinds]bool) {
	for k := range kinds {
		kinds[k] = !sysflow.Kind(k).IsEntity() &&
			(len(c.Types) == 0 || slices.Contains(c.Types, sysflow.Kind(k).String()))
	}
	return kinds
}

package render

import (
	"bytes"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

func TestLook(t *testing.T) {
	for _, tt := range []struct {
		args  []string
		want  TableOptions
		wrong string
	}{
		{args: nil, want: TableOptions{Width: UsualWidth}},
		{args: []string{"--width", "auto", "--color", "never"}, want: TableOptions{Width: UsualWidth}},
		{args: []string{"--width", "full", "--color", "always"}, want: TableOptions{Width: FullWidth, Color: true}},
		{args: []string{"--width", "120"}, want: TableOptions{Width: 120}},
		{args: []string{"--width", "0"}, wrong: "--width"},
		{args: []string{"--width", "wide"}, wrong: "--width"},
		{args: []string{"--color", "blue"}, wrong: "--color"},
	} {
		var f LookFlags
		flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
		f.Add(flags)
		require.NoError(t, flags.Parse(tt.args))
		look, err := f.Look()
		if tt.wrong == "" {
			require.NoError(t, err, tt.args)
			assert.Equal(t, tt.want, look.For(&bytes.Buffer{}), tt.args)
			continue
		}
		var usage *cli.UsageError
		require.ErrorAs(t, err, &usage, tt.args)
		assert.ErrorContains(t, err, tt.wrong)
	}
}

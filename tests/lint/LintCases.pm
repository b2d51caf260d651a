# Reads tests/lint/*.test and runs their cases: see README.md beside it.

package LintCases;

use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;

# Short forms of the manifests that most cases need.
my %MACROS = (
	# %wait NAME IMAGE COMMAND: a Deployment whose init container runs the command in a shell
	wait => sub {
		my ($name, $image, $command) = split ' ', shift, 3;
		return deployment($name, "initContainers: [{name: wait, image: '$image', command: [sh, -c, " .
			quoted($command) . "]}], containers: [{name: main, image: 'app:1'}]");
	},
	# %env NAME VARIABLE=VALUE: a Deployment with one variable
	env => sub {
		my ($name, $rest) = split ' ', shift, 2;
		my ($variable, $value) = split /=/, $rest, 2;
		return deployment($name, "containers: [{name: main, image: 'app:1', ports: [{containerPort: 8080}], env: [{name: $variable, value: " .
			quoted($value) . "}]}]");
	},
	# %server NAME PORT: a Deployment that listens there, and its Service
	server => sub {
		my ($name, $port) = split ' ', shift;
		return deployment($name, "containers: [{name: main, image: 'app:1', ports: [{name: main, containerPort: $port}]}]") .
			"---\n" . service($name, $port);
	},
	# %service NAME PORT: the Service alone
	service => sub { return service(split ' ', shift) },
	# %pod NAME SPEC: a Deployment with this pod spec, in flow style
	pod => sub {
		my ($name, $spec) = split ' ', shift, 2;
		return deployment($name, $spec);
	},
);

sub quoted { my $text = shift; $text =~ s/'/''/g; return "'$text'" }

sub deployment {
	my ($name, $spec) = @_;
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: $name}\nspec:\n" .
		"  selector: {matchLabels: {app: $name}}\n  template:\n    metadata: {labels: {app: $name}}\n" .
		"    spec: {$spec}\n";
}

sub service {
	my ($name, $port) = @_;
	return "apiVersion: v1\nkind: Service\nmetadata: {name: $name}\nspec: {selector: {app: $name}, ports: [{port: $port}]}\n";
}

sub expand {
	my $text = shift;
	$text =~ s/~~//g; # keeps made-up tokens from looking like real ones to scanners of this repository
	$text =~ s/^%(\w+) (.*)\n/"---\n" . $MACROS{$1}->($2)/gem;
	return $text;
}

sub files_of {
	my $text = shift;
	my %files;
	my $name = 'manifests.yaml';
	for my $line (split /^/, $text) {
		if ($line =~ /^@ (\S+)$/) { $name = $1; $files{$name} = ''; next }
		$files{$name} .= $line;
	}
	delete $files{'manifests.yaml'} if defined $files{'manifests.yaml'} && $files{'manifests.yaml'} !~ /\S/;
	$files{$_} = expand($files{$_}) for keys %files;
	return \%files;
}

sub read_cases {
	my $file = shift;
	my ($setup, @cases) = ('');
	open(my $in, '<', $file) or die "$file: $!";
	my $text = do { local $/; <$in> };
	$text =~ s/\A(?:#.*\n|\n)*//;
	for my $part (split /^== /m, $text) {
		next unless $part =~ /\S/;
		my ($head, $body) = split /\n/, $part, 2;
		if ($head eq 'setup') { $setup = $body; next }
		my ($kind, $name) = $head =~ /^(bad|good): (.*)$/ or die "$file: \"$head\"";
		my @arguments;
		my $expect = '';
		$body =~ s/^-> (.*\n)/$expect .= $1; ''/gem;
		$body =~ s/^\$ (.*)\n/push @arguments, split ' ', $1; ''/gem;
		$body =~ s/\n+\z/\n/;
		my %files = (%{files_of($setup)}, %{files_of($body)});
		my $common = files_of($setup);
		for my $both (grep { exists $common->{$_} } keys %{files_of($body)}) {
			$files{$both} = $common->{$both} . ($both =~ /^values|Chart/ ? '' : "---\n") . files_of($body)->{$both}
				unless $both eq 'values.yaml';
		}
		push @cases, {kind => $kind, name => $name, files => \%files, arguments => \@arguments, expect => $expect};
	}
	return @cases;
}

sub place { my $p = shift; return defined $p ? "$p->{file}:$p->{line}" : () }

sub run {
	my ($cleat, $rule, $case) = @_;
	my $folder = tempdir(CLEANUP => 1);
	for my $name (keys %{$case->{files}}) {
		my ($below) = $name =~ m{^(.*)/};
		make_path("$folder/$below") if defined $below;
		open(my $out, '>', "$folder/$name") or die "$name: $!";
		print $out $case->{files}{$name};
	}
	# The words are the cases' own.
	my $output = `cd '$folder' && '$cleat' lint . --only $rule -o json @{$case->{arguments}} 2>&1`;
	my $report = eval { decode_json($output) };
	return ("$output", []) unless $report;
	my $text = '';
	my @hints;
	for my $f (grep { $_->{state} eq 'new' } @{$report->{findings}}) {
		my @places = (place($f->{template}), place($f->{values}));
		@places = place($f->{rendered}) unless @places;
		$text .= join(' ', $f->{severity}, $f->{resource} // '-', @places) . ": $f->{message}\n";
		push @hints, $f->{mend};
	}
	return ($text, \@hints);
}

sub mending_hint {
	my ($cleat, $rule) = @_;
	my ($hint) = `'$cleat' lint --explain $rule` =~ /^Mend: (.*)$/m;
	return $hint;
}

1;

#!/usr/bin/perl
# `cleat render | kubectl apply -f -` with the real kubectl. No cluster is at hand: a small server on this machine's loopback
# stands in for the API server. It knows the kinds that are rendered (discovery), has no object yet, and keeps what it is
# sent. So kubectl does all that it does before a cluster's own rules count: it reads the stream, finds each kind's
# resource, asks for each object and creates it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use IO::Socket::INET;
use JSON::PP;
use Test::More;

my $kubectl = reference('kubectl') or plan skip_all => 'kubectl is not there (tests/compat/fetch.sh brings it)';
chdir $repository;
my $json = JSON::PP->new->canonical;
my %cluster_wide = map { $_ => 1 } qw(Namespace ClusterRole ClusterRoleBinding);

sub plural { my ($kind) = @_; return lc($kind =~ s/y$/ie/r =~ s/([sx])$/$1e/r) . 's' }

# What is rendered: API versions with their kinds, and "Kind namespace/name" of each object, in order.
sub contents
{
	my ($manifests) = @_;
	my (%kinds, @objects);
	for my $doc (split /^---\n/m, $manifests) {
		my ($version) = $doc =~ /^apiVersion: (\S+)/m or next;
		my ($kind) = $doc =~ /^kind: (\S+)/m;
		my ($name) = $doc =~ /^metadata:\n(?:  .*\n)*?  name: (\S+)/m;
		my ($namespace) = $doc =~ /^metadata:\n(?:  .*\n)*?  namespace: (\S+)/m;
		$kinds{$version}{$kind} = 1;
		push @objects, "$kind " . ($cluster_wide{$kind} ? '' : ($namespace // 'default') . '/') . $name;
	}
	return (\%kinds, @objects);
}

sub answer
{
	my ($client, $code, $value) = @_;
	my $body = $json->encode($value);
	print $client "HTTP/1.1 $code x\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}

# One request: discovery, a question for an object, or a new one, which goes to `log`.
sub serve
{
	my ($client, $kinds, $log) = @_;
	my ($method, $path) = (<$client> // '') =~ m{^(\w+) ([^ ?]+)} or return;
	my ($length, $body) = (0);
	while (defined(my $line = <$client>)) {
		last if $line =~ /^\r?\n$/;
		$length = $1 if $line =~ /^Content-Length: (\d+)/i;
	}
	read $client, $body, $length;
	my %groups = map { m{^(.+)/} ? ($1 => $_) : () } sort keys %$kinds;
	if ($path eq '/api') {
		answer($client, 200, {kind => 'APIVersions', versions => ['v1'], serverAddressByClientCIDRs => []});
	} elsif ($path eq '/apis') {
		answer($client, 200, {kind => 'APIGroupList', apiVersion => 'v1', groups => [map {
			my %version = (groupVersion => $groups{$_}, version => $groups{$_} =~ s{.*/}{}r);
			{name => $_, versions => [\%version], preferredVersion => \%version}
		} sort keys %groups]});
	} elsif ($path =~ m{^/apis?/((?:[^/]+/)?[^/]+)$} && $kinds->{$1}) {
		my $version = $1;
		answer($client, 200, {kind => 'APIResourceList', apiVersion => 'v1', groupVersion => $version, resources => [map {
			{name => plural($_), singularName => lc, namespaced => $cluster_wide{$_} ? JSON::PP::false : JSON::PP::true, kind => $_,
				verbs => [qw(create get list patch)]}
		} sort keys %{ $kinds->{$version} }]});
	} elsif ($method eq 'POST') {
		my $object = $json->decode($body);
		print $log "$object->{kind} " . ($path =~ m{/namespaces/([^/]+)/} ? "$1/" : '') . "$object->{metadata}{name}\n";
		$log->flush;
		answer($client, 201, $object);
	} else {
		answer($client, 404, {kind => 'Status', apiVersion => 'v1', status => 'Failure', reason => 'NotFound', code => 404, message => 'not found'});
	}
}

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64) or plan skip_all => "no loopback: $!";
my $port = $server->sockport;
for my $values ('dev', 'prod', 'external-backend', 'teams') {
	my ($manifests) = run("cleat render flts . -f values/$values.yaml");
	my ($kinds, @objects) = contents($manifests);
	my $dir = folder('m.yaml' => $manifests);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		open my $log, '>', "$dir/log" or die;
		while (my $client = $server->accept) { serve($client, $kinds, $log); close $client }
		exit 0;
	}
	my ($out, $err, $code) = run("HOME=$dir '$kubectl' --server http://127.0.0.1:$port --kubeconfig /dev/null apply --validate=false -f -", $manifests);
	kill 'TERM', $pid;
	waitpid $pid, 0;
	is($code, 0, "render -f values/$values.yaml | kubectl apply -f -") or diag($err);
	is((() = $out =~ / created$/mg), scalar @objects, 'every object is created');
	is_deeply([split /\n/, slurp("$dir/log")], \@objects, 'in the order of the render, in its namespace');
}
chdir '/';
done_testing();

#!/usr/bin/perl
# The chart of this repository under combinations of values: nothing waits for, or names, what is not rendered;
# the secrets are the same whichever backend brings them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

chdir $repository;
my %service = (kafka => 'kafka', minio => 'minio-service', postgres => 'postgres', mlflow => 'mlflow', fastapi => 'fastapi-app');
my @backends = sort keys %service;

# The rendered documents, by "Kind/name".
sub render
{
	my ($flags) = @_;
	my ($out, $err, $code) = run("cleat render flts . $flags");
	is($code, 0, "renders: $flags") or diag($err);
	my %docs;
	for my $doc (split /^---\n/m, $out) {
		my ($kind) = $doc =~ /^kind: (\S+)/m or next;
		my ($name) = $doc =~ /^metadata:\n(?:  .*\n)*?  name: (\S+)/m;
		my ($namespace) = $doc =~ /^  namespace: (\S+)/m;
		$docs{"$kind/$name" . ($namespace && $namespace ne 'default' ? "/$namespace" : '')} = $doc;
	}
	return ($out, \%docs);
}

sub list { join ' ', sort @_ }

# --- which backends are in the cluster, in every combination ---

sub check_backends
{
	my ($external, %enabled) = @_;
	my $flags = join ' ', "--set externalBackend.enabled=$external", map { "--set $_.enabled=" . ($enabled{$_} ? 'true' : 'false') } @backends;
	my ($out, $docs) = render("$flags --set namespaces[0].name=team --set tekton.enabled=true");
	my %here = map { $_ => $enabled{$_} && ($external eq 'false' || $_ eq 'kafka') } @backends;
	is(list(grep { $docs->{"Service/$service{$_}"} } @backends), list(grep { $here{$_} } @backends), 'the services that are rendered');
	my %waits = map { $_ => 1 } $out =~ /name: wait-for-(\S+)/g;
	is(list(keys %waits), list(grep { $here{$_} && ($_ ne 'postgres' || $here{mlflow}) } @backends), 'and waited for, the database by MLflow alone');
	# A host of the cluster in any spelling: in full, and by its bare name with a port.
	my %named = map { $_ => 1 } $out =~ m{\b([a-z-]+)\.default\.svc}g;
	$named{$_} ||= $out =~ m{(?:[/@]|nc -z(?: -w 2)? |")\Q$_\E[: ]\d} for values %service;
	is(list(grep { $named{$_} } keys %named), list(map { $service{$_} } grep { $here{$_} } @backends), 'and named as a host');
	is(exists $docs->{'StatefulSet/minio'} || 0, $here{minio} ? 1 : 0, 'a stateful set with its service');
	is(!!(grep { m{^Job/minio-buckets} } keys %$docs), !!$here{minio}, 'the buckets are made where the store is');
}
for my $bits (0 .. 31) {
	my %enabled = map { $backends[$_] => $bits >> $_ & 1 } 0 .. $#backends;
	check_backends($_, %enabled) for qw(true false);
}

# --- who waits for what ---

sub waits { join ' ', $_[0] =~ /name: wait-for-(\S+)/g }

my ($all, $docs) = render('-f values/complete.yaml');
my %want = ('Deployment/train-gru' => 'kafka mlflow', 'Deployment/train-lstm' => 'kafka mlflow', 'Deployment/nonml-prophet' => 'kafka mlflow',
	'Deployment/eval' => 'kafka mlflow fastapi', 'Deployment/train' => 'kafka mlflow', 'Deployment/nonml' => 'kafka mlflow',
	'Deployment/inference' => 'kafka mlflow', 'Deployment/fastapi-app' => 'minio', 'Deployment/mlflow' => 'postgres minio');
is(waits($docs->{$_} // ''), $want{$_}, "$_ waits for $want{$_}") for sort keys %want;
is(waits((map { $docs->{$_} } grep { m{^Job/preprocess-} } keys %$docs)[0]), 'kafka fastapi', 'preprocess too');
ok($docs->{$_}, "complete has $_") for qw(Service/eval Service/inference HorizontalPodAutoscaler/inference Pipeline/s3-configuration-pipeline
	Task/validate-s3-connectivity Task/upload-placeholder-models Task/reconcile-inferenceservices Task/validate-model-serving
	SeldonRuntime/flts-models-runtime/flts-models ResourceQuota/flts-models-quota/flts-models Role/model-deployer/flts-models
	NetworkPolicy/default-deny/flts-models NetworkPolicy/allow-shared-services/flts-models);
is(list($docs->{'SeldonRuntime/flts-models-runtime/flts-models'} =~ /- name: (\S+)\n +replicas: \d/g),
	list(qw(hodometer seldon-scheduler seldon-envoy seldon-dataflow-engine seldon-modelgateway seldon-pipelinegateway mlserver)), 'all seven components');
my @order = $docs->{'Pipeline/s3-configuration-pipeline'} =~ /name: (\S+)\n +taskRef:\n +name: \S+(?:\n +runAfter:\n +- (\S+))?/g;
is(join(' ', map { $_ // '-' } @order), 'validate-s3 - upload-placeholders validate-s3 reconcile-services upload-placeholders validate-serving reconcile-services',
	'the four tasks in their order');
like($docs->{'Deployment/seldon-v2-controller-manager/seldon-system'}, qr/--clusterwide=true\n(?:.*\n)*? +- name: CLUSTERWIDE\n +value: "true"/, 'the controller watches the whole cluster');

# --- quotas ---

for my $limits (qw(true false)) {
	my (undef, $d) = render("--set namespaces[0].name=team --set namespaces[0].quota.cpuLimits=$limits");
	is($d->{'ResourceQuota/team-quota/team'} =~ /limits\.cpu/ ? 'true' : 'false', $limits, "cpuLimits $limits: the quota");
	is($d->{'LimitRange/team-limits/team'} =~ /default:\n +cpu:/ ? 'true' : 'false', $limits, 'and the default limit of containers');
}

# --- MLflow's way to a database outside, from a namespace that is isolated ---

for (['true', 0], ['false', 1]) {
	my (undef, $d) = render("--set namespaces[0].name=default --set postgres.enabled=$_->[0] --set externalBackend.postgres.port=6543");
	is($d->{'NetworkPolicy/allow-shared-services'} =~ /port: 6543/ ? 1 : 0, $_->[1], "postgres.enabled=$_->[0]: the port of the database outside");
}

# --- secrets ---

my %keys = ('flts-secrets' => 'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY MINIO_ACCESS_KEY MINIO_SECRET_KEY',
	'flts-postgres' => 'POSTGRES_PASSWORD POSTGRES_USER', 'ghcr' => '.dockerconfigjson',
	'ml-platform' => 'AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_SECRET_ACCESS_KEY MLFLOW_FLASK_SERVER_SECRET_KEY MLFLOW_S3_ENDPOINT_URL '
		. 'MLFLOW_TRACKING_PASSWORD MLFLOW_TRACKING_URI MLFLOW_TRACKING_USERNAME RCLONE_CONFIG_S3_ACCESS_KEY_ID RCLONE_CONFIG_S3_ENDPOINT '
		. 'RCLONE_CONFIG_S3_PROVIDER RCLONE_CONFIG_S3_REGION RCLONE_CONFIG_S3_SECRET_ACCESS_KEY RCLONE_CONFIG_S3_TYPE');
my %by = ('' => 'ExternalSecret', '-f values/teams.yaml' => 'SealedSecret', '-f values/dev.yaml' => 'Secret');
for my $flags (sort keys %by) {
	my (undef, $d) = render("$flags --set namespaces[0].name=team-one");
	for my $secret (sort keys %keys) {
		for my $where ('', $secret =~ /^(?:ml-platform|ghcr)$/ ? '/team-one' : ()) {
			my $doc = $d->{"$by{$flags}/$secret$where"} // '';
			my ($data) = $doc =~ /^spec:\n(.*)|^(?:stringData|data):\n(.*)/ms ? $1 // $2 : '';
			is(list(grep { /^(?:[A-Z][A-Z0-9_]+|\.dockerconfigjson)$/ } $data =~ /^ +(?:- secretKey: )?([.\w]+)(?::|$)/mg), $keys{$secret}, "$by{$flags} $secret$where: its keys");
		}
		like($d->{"$by{$flags}/$secret"}, qr{type: kubernetes.io/dockerconfigjson}, 'and type') if $secret eq 'ghcr';
	}
}
my ($package) = render('--set secrets.backend=package --set namespaces[0].name=team');
unlike($package, qr/^kind: (?:\w*Secret|SecretStore)$/m, 'a package brings them: none is rendered');
unlike($all . $package, qr/minioadmin|value: .*(?:PASSWORD|SECRET)=/, 'no credential is a plain value');
for my $environment (qw(production staging)) {
	my ($out, $err, $code) = run("cleat render flts . -f values/dev.yaml --set environment=$environment --set secrets.backend=inline");
	is("$code|$out", '1|', "inline secrets are refused for $environment");
	like($err, qr/set secrets\.backend to external .* sealed .* or package/, 'with a sentence that says what to do');
}
done_testing();

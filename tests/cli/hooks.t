#!/usr/bin/perl
# .pre-commit-hooks.yaml, run by the real pre-commit: a planted fault, the commit refused, mended, accepted. And the
# plugins of examples/, run by the real kubectl and Helm.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my ($out, $err, $code);
SKIP: {
	skip 'pre-commit is not there (apt-get install pre-commit)', 1 unless find_program('pre-commit');
	skip 'git is not there', 1 unless find_program('git');
	my $home = folder();
	local @ENV{qw(GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL HOME PRE_COMMIT_HOME GIT_CONFIG_NOSYSTEM)} =
		('t', 't@example.com', 't', 't@example.com', $home, "$home/pre-commit", 1);
	my $hooks = folder('.pre-commit-hooks.yaml' => slurp("$repository/.pre-commit-hooks.yaml"));
	run("cd $hooks && git init -q -b main && git add -A && git commit -qm hooks && git tag v1");

	my $dir = folder(
		'Chart.yaml' => "apiVersion: v2\nname: t\nversion: 1.0.0\n",
		'values.yaml' => "replicas: 1\n",
		'templates/app.yaml' => <<'END',
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - {name: c, image: "app:1.0", command: [sleep, inf]}
END
		'.cleat.yaml' => "golden:\n  - {name: dev, file: golden/dev.yaml}\n",
		'.pre-commit-config.yaml' => "repos:\n  - repo: $hooks\n    rev: v1\n    hooks:\n"
			. "      - {id: cleat-render}\n      - {id: cleat-lint}\n      - {id: cleat-golden}\n");
	chdir $dir;
	run('cleat golden --update && git init -q -b main && pre-commit install && git add -A');
	($out, $err, $code) = run('git commit -m first');
	is($code, 0, 'a sound chart is committed') or diag("$out$err");
	like("$out$err", qr/cleat lint\.+Passed/, 'its hooks have run');

	run("sed -i 's/command: .sleep, inf./command: [sleep, inf]}\\n      initContainers:\\n        - {name: w, image: \"busybox:1.36\", command: [sh, -c, until nc -z mlflow 5000; do sleep 2; done]/' templates/app.yaml; git add -A");
	($out, $err, $code) = run('git commit -m fault');
	isnt($code, 0, 'a wait that never ends is refused');
	like("$out$err", qr/cleat lint\.+Failed/, 'by cleat-lint');
	like("$out$err", qr/wait-on-missing-service/, 'with the rule');
	like("$out$err", qr/cleat golden\.+Failed/, 'and by cleat-golden, since the manifests changed');
	run('git checkout -q HEAD -- . && sed -i "s/replicas: 1/replicas: 2/" values.yaml && git add -A');
	($out, $err, $code) = run('git commit -m unsaid');
	like("$out$err", qr/Deployment\/app spec\.replicas: 1 -> 2/, 'a change that no golden file knows of is shown');
	isnt($code, 0, 'and refused');
	run('cleat golden --update; git add -A');
	($out, $err, $code) = run('git commit -m mended');
	is($code, 0, 'mended, it is accepted') or diag("$out$err");
	spew('templates/bad.yaml', "{{ nope }}\n");
	($out, $err, $code) = run('git add -A && git commit -m broken');
	like("$out$err", qr/cleat render\.+Failed/, 'what does not render is refused by cleat-render');
	is((run('git log --format=%s'))[0], "mended\nfirst\n", 'what was refused is not there');
	chdir '/';
}

SKIP: {
	my $kubectl = reference('kubectl') or skip 'kubectl is not there (tests/compat/fetch.sh brings it)', 1;
	my $bin = folder();
	run("cp '$repository/examples/kubectl-plugin/kubectl-cleat' $bin");
	local $ENV{PATH} = "$bin:$ENV{PATH}";
	like((run("'$kubectl' plugin list 2>&1"))[0], qr/kubectl-cleat/, 'kubectl finds the plugin');
	is((run("'$kubectl' cleat --version"))[0], (run('cleat --version'))[0], 'kubectl cleat');
	is((run("cd '$repository' && '$kubectl' cleat render flts ."))[0], (run("cd '$repository' && cleat render flts ."))[0],
		'kubectl cleat render');
	is((run("'$kubectl' cleat nope"))[2], 2, 'its exit code is that of cleat');
	# No cluster is at hand: a program stands in for `kubectl get`, which gives what the chart says, as a list.
	my $fake = folder('kubectl' => "#!/bin/sh\necho \"\$*\" >&2\ncat '$bin/cluster.yaml'\n");
	chmod 0755, "$fake/kubectl";
	run("cd '$repository' && cleat render flts . | sed 's/replicas: 1/replicas: 2/' >'$bin/cluster.yaml'");
	my ($out, $err, $code) = run("cd '$repository' && KUBECTL=$fake/kubectl '$kubectl' cleat drift flts .");
	like($err, qr/^get -o yaml -l app\.kubernetes\.io\/instance=flts /, 'kubectl cleat drift asks for a release');
	like($out, qr/^Deployment\/train-gru spec\.replicas: 2 -> 1$/m, 'and compares it with the chart');
	is($code, 1, 'which differs');
	# `kubectl apply --dry-run=client` asks a server for its kinds; what can be had without one is that kubectl reads every
	# document of the render: `kubectl kustomize` does, and so does `kubectl create --dry-run=client` up to the connection.
	($out, $err, $code) = run("cd '$repository' && cleat render flts . | '$kubectl' apply --dry-run=client --validate=false -f - 2>&1");
	like($out, qr/refused|connection|Unable to connect/i, 'kubectl apply -f - takes the render as far as a cluster');
	unlike($out, qr/yaml: |error parsing|json parse/i, 'and finds nothing wrong with its text');
}

for my $helm (qw(helm4 helm3)) {
	SKIP: {
		my $program = reference($helm) or skip "$helm is not there (tests/compat/fetch.sh brings it)", 1;
		my $home = folder();
		local @ENV{qw(HELM_DATA_HOME HELM_CACHE_HOME HELM_CONFIG_HOME HELM_PLUGINS)} = ("$home/d", "$home/c", "$home/f", "$home/d/plugins");
		run("mkdir -p $home/d/plugins");
		run("'$program' plugin install '$repository/examples/helm-plugin'");
		is((run("'$program' cleat --version"))[0], (run('cleat --version'))[0], "$helm cleat");
	}
}
done_testing();

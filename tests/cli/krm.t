#!/usr/bin/env perl
# `cleat krm`: a ResourceList comes back with results, and nothing else changed.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $items = <<'END';
- apiVersion: apps/v1 # keep me
  kind: Deployment
  metadata:
    name: web
    namespace: shop
    annotations:
      config.kubernetes.io/index: '1'
      config.kubernetes.io/path: deploy.yaml
      internal.config.kubernetes.io/path: 'deploy.yaml'
  spec:
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        initContainers:
        - name: wait
          image: busybox:1.37
          command:
          - sh
          - -c
          - |
            echo starting
            until nc -z nowhere 80; do sleep 1; done
        containers:
        - name: web
          image: nginx
END
my $head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
my $dir  = folder(
	'deploy.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: first}\n---\n" . <<'END');
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      initContainers:
      - name: wait
        image: busybox:1.37
        command: [sh, -c, "until nc -z nowhere 80; do sleep 1; done"]
      containers:
      - name: web
        image: nginx
END

my ($out, $err, $code) = run("cd $dir && cleat krm", "${head}items:\n$items");
is($code, 1, 'an error among the findings is exit code 1');
my ($before, $results) = $out =~ /\A(.*?)^(results:\n.*)\z/ms;
is($before, "${head}items:\n$items", 'items keep their bytes, comments and quotes too');
like($results, qr/^- message: .*nowhere:80.*\n  severity: error\n  resourceRef:\n    apiVersion: apps\/v1\n    kind: Deployment\n    name: web\n    namespace: shop\n/m,
	'a result names message, severity and resource');
like($results, qr/^  field:\n    path: spec\.template\.spec\.initContainers\[0\]\.command\[2\]\n  file:\n    path: deploy\.yaml\n    index: 1\n/m,
	'a result names field, file and the document in it');
like($results, qr/^    rule: wait-on-missing-service\n    line: "16"\n/m, 'a result names the rule and the line in the file');
like($results, qr/severity: warning\n.*?path: spec\.template\.spec\.containers\[0\]\.image\n.*?rule: latest-tag\n    line: "19"\n/s, 'warnings are results, too');
like($err, qr/^error\[wait-on-missing-service\] Deployment\/web: /, 'errors are told on standard error');
unlike($err, qr/latest-tag/, 'what is no error is not');

($out, $err, $code) = run('cleat krm', "${head}items: []\n");
is_deeply([$out, $err, $code], ["${head}items: []\n", '', 0], 'without findings the list comes back as it was');

($out, $err, $code) = run('cleat krm', "${head}items:\n${items}functionConfig:\n  apiVersion: cleat.dev/v1\n  kind: Lint\n  spec:\n    rules: {wait-on-missing-service: off}\n");
is($code, 0, 'functionConfig switches a rule off');
unlike($out, qr/wait-on-missing-service\n/, '... which then has no result');
($out, $err, $code) = run('cleat krm', "${head}items:\n${items}functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  data:\n    failOn: warning\n");
like($err, qr/^warning\[latest-tag\]/m, 'a ConfigMap as functionConfig says from where on it fails');
($out, $err, $code) = run('cleat krm', "${head}items: []\nfunctionConfig: {kind: Lint, spec: {ruls: {}}}\n");
is($code, 1, 'a setting that is not known is an error');
like($err, qr/functionConfig|ruls/, '... which names it');

($out, $err, $code) = run('cleat krm', "${head}items:\n${items}results:\n- message: old\n");
unlike($out, qr/message: old/, 'results of an earlier run go');

my $password = 'correct-horse-battery-9';
($out, $err, $code) = run('cleat krm', "${head}items:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec:\n    containers:\n    - name: c\n      image: a:1\n      env:\n      - {name: DB_PASSWORD, value: $password}\n");
unlike($out =~ s/\A.*?^results:\n//msr, qr/\Q$password/, 'no result holds a credential');
unlike($err, qr/\Q$password/, 'nor does standard error');

for (['', 'no kind'], ["kind: List\nitems: []\n", 'List'], ["a: [\n", 'yaml'], ["${head}items: {}\n", 'no list'], ["- a\n", 'no kind'],
	["${head}items: [1, null, [a], {kind: }]\n", undef]) {
	my ($text, $word) = @$_;
	($out, $err, $code) = run('cleat krm', $text);
	next unless ok(defined $word ? $code == 1 : $code == 0, 'bad input: ' . ($text =~ s/\n/\\n/gr) . " is exit code $code") && defined $word;
	like($err, qr/\AError: .*\Q$word\E/, '... with a clear error');
	is($out, '', '... and no output');
}
($out, $err, $code) = run('cleat krm x');
is($code, 2, 'an argument is a wrong call');

done_testing;

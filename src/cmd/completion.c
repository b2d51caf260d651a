// `cleat completion SHELL` prints a script for a shell; the script asks `cleat completion words WORD...` what may stand
// where the last of the words is. So every shell knows the same, and a new option or rule is known at once.

#include "cmd/chart_options.h"
#include "cmd/help_page.h"
#include "cmd/project.h"
#include "cmd/resources.h"
#include "data/node_path.h"
#include "data/yaml.h"
#include "template/func.h"

#include <stdio.h>
#include <string.h>

// --- the scripts ---

static const char BASH[] = "# bash completion for cleat: source <(cleat completion bash)\n"
			   "_cleat() {\n"
			   "\tlocal word line value\n"
			   "\tCOMPREPLY=()\n"
			   "\tword=${COMP_WORDS[COMP_CWORD]}\n"
			   "\t[ \"$word\" = = ] && word=\n"
			   "\twhile IFS= read -r line; do\n"
			   "\t\tcase $line in\n"
			   "\t\t:files) compopt -o filenames; mapfile -t -O \"${#COMPREPLY[@]}\" "
			   "COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
			   "\t\t:dirs) compopt -o filenames; mapfile -t -O \"${#COMPREPLY[@]}\" "
			   "COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
			   "\t\t*)\n"
			   "\t\t\tvalue=${line%%$'\\t'*}\n"
			   "\t\t\t[[ $value == *= ]] && compopt -o nospace\n"
			   "\t\t\t[[ $value == \"$word\"* ]] && COMPREPLY+=(\"$value\") ;;\n"
			   "\t\tesac\n"
			   "\tdone < <(\"${COMP_WORDS[0]}\" completion words "
			   "\"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
			   "}\n"
			   "complete -F _cleat cleat\n";

static const char ZSH[] =
	"#compdef cleat\n"
	"# zsh completion for cleat: source <(cleat completion zsh), or a file _cleat on the "
	"fpath\n"
	"_cleat() {\n"
	"\tlocal line\n"
	"\tlocal -a plain open\n"
	"\tfor line in \"${(@f)$(\"${words[1]}\" completion words \"${(@)words[2,CURRENT]}\" "
	"2>/dev/null)}\"; do\n"
	"\t\tcase $line in\n"
	"\t\t'') ;;\n"
	"\t\t:files) _files ;;\n"
	"\t\t:dirs) _files -/ ;;\n"
	"\t\t*=*$'\\t'*|*=) open+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
	"\t\t*) plain+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\t(( $#plain )) && _describe cleat plain\n"
	"\t(( $#open )) && _describe cleat open -S ''\n"
	"}\n"
	"if [ \"${funcstack[1]}\" = _cleat ]; then _cleat \"$@\"; else compdef _cleat cleat; fi\n";

static const char FISH[] = "# fish completion for cleat: cleat completion fish | source\n"
			   "function __cleat_words\n"
			   "\tset -l words (commandline -opc) (commandline -ct)\n"
			   "\tfor line in ($words[1] completion words $words[2..-1] 2>/dev/null)\n"
			   "\t\tswitch $line\n"
			   "\t\tcase :files\n"
			   "\t\t\t__fish_complete_path (commandline -ct)\n"
			   "\t\tcase :dirs\n"
			   "\t\t\t__fish_complete_directories (commandline -ct)\n"
			   "\t\tcase '*'\n"
			   "\t\t\techo $line\n"
			   "\t\tend\n"
			   "\tend\n"
			   "end\n"
			   "complete -c cleat -f -a '(__cleat_words)'\n";

static const struct {
	const char *name, *script;
} SHELLS[] = {{"bash", BASH}, {"zsh", ZSH}, {"fish", FISH}};

#define SHELL_COUNT (sizeof SHELLS / sizeof *SHELLS)

// --- what may stand there ---

typedef struct Words {
	Arena *arena;
	Str *words; // behind "cleat"; the last is the one being typed
	size_t count;
	const Command *command;
	HelpPage page;
	Buf out;
	Diag diag;
} Words;

static void offer(Words *w, Str word, Str help)
{
	Str current = w->words[w->count - 1];

	if (!str_has_prefix(word, current))
		return;
	buf_str(&w->out, diag_escape(w->arena, word));
	buf_byte(&w->out, '\t');
	buf_str(&w->out, diag_escape(w->arena, help));
	buf_byte(&w->out, '\n');
}

static void offer_files(Words *w)
{
	buf_c(&w->out, ":files\n");
}

static void offer_commands(Words *w)
{
	const Command *command;

	for (size_t i = 0; (command = command_at(i)); i++)
		if (command->summary)
			offer(w, str_c(command->name), str_c(command->summary));
}

static void offer_options(Words *w)
{
	for (size_t i = 0; i < w->page.option_count; i++)
		if (w->page.options[i].name.len)
			offer(w, str_concat(w->arena, S("--"), w->page.options[i].name),
			      w->page.options[i].help);
}

static void offer_rules(Words *w)
{
	const Rule *rule;

	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		offer(w, str_c(rule->id), str_c(rule->summary));
}

static void offer_golden(Words *w)
{
	Project project;

	if (!project_read(w->arena, S("."), &project, &w->diag))
		return;
	for (size_t i = 0; i < project.case_count; i++)
		offer(w, project.cases[i].name, project.cases[i].file);
}

// The chart that the words name, or the one in this folder.
static Str chart_at_hand(Words *w)
{
	for (size_t i = 1; i + 1 < w->count; i++)
		if (w->words[i].len && w->words[i].p[0] != '-' &&
		    resources_kind(w->arena, NULL, w->words[i]) == RESOURCES_CHART)
			return w->words[i];
	return S(".");
}

static void offer_values_below(Words *w, const Value *v, Str path, const char *behind)
{
	if (v->kind != V_MAP || !v->map->len) {
		offer(w, str_concat(w->arena, path, str_c(behind)),
		      v->kind == V_MAP ? S("a table") : value_kind_name(v));
		return;
	}
	map_sort(v->map);
	for (size_t i = 0; i < v->map->len; i++) {
		Str key = v->map->entries[i].key;
		Str here =
			path.len ? str_printf(w->arena, "%.*s.%.*s", STR_ARGS(path), STR_ARGS(key))
				 : key;
		offer_values_below(w, &v->map->entries[i].value, here, behind);
	}
}

static void offer_values(Words *w, const char *behind)
{
	Str text, file = path_join(w->arena, chart_at_hand(w), S("values.yaml"));
	YamlValueOptions options = {.yaml = {.file = file}};
	Value v;

	if (fs_read_any(w->arena, file, &text, &w->diag) &&
	    yaml_read_value(w->arena, text, &options, &v, &w->diag) && v.kind == V_MAP)
		offer_values_below(w, &v, S(""), behind);
}

// "text, json or markdown" in an option's help are its values.
static void offer_listed(Words *w, Str help)
{
	Str rest = help, word;

	while (rest.p && str_cut(&rest, S(" "), &word)) {
		while (word.len && strchr(",;:", word.p[word.len - 1]))
			word = str_to(word, word.len - 1);
		if (word.len && !str_is(word, "or") && word.p[0] != '(')
			offer(w, word, S(""));
		else if (word.len && word.p[0] == '(')
			return;
	}
}

static void offer_severities(Words *w)
{
	static const char *const NAMES[] = {"error", "warning", "info", "never"};

	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
		offer(w, str_c(NAMES[i]), S(""));
}

static void offer_argument(Words *w, const HelpOption *option)
{
	Str argument = option->argument;

	if (str_is(argument, "RULE") || str_is(argument, "RULES"))
		offer_rules(w);
	else if (str_is(argument, "NAMES"))
		offer_golden(w);
	else if (str_is(argument, "K=V") || str_is(argument, "K=JSON") ||
	         str_is(argument, "K=PATH"))
		offer_values(w, "=");
	else if (str_is(option->name, "value"))
		offer_values(w, "");
	else if (str_is(argument, "FORMAT") || str_is(argument, "WHEN"))
		offer_listed(w, option->help);
	else if (str_is(argument, "SEVERITY"))
		offer_severities(w);
	else if (str_is(argument, "DIR"))
		buf_c(&w->out, ":dirs\n");
	else
		offer_files(w);
}

// --- resources of the chart at hand ---

static bool read_resources(Words *w, ResourceSet *set)
{
	ChartOptions *options = ARENA_NEW(w->arena, ChartOptions);
	ResourcesInput input = {.path = S("."), .chart = options};
	Buf log = buf_new(w->arena);

	return resources_kind(w->arena, NULL, S(".")) == RESOURCES_CHART &&
	       resources_read(w->arena, &input, set, &log, &w->diag) == CHART_OK;
}

static Str identity(Words *w, const Node *document)
{
	const Node *root = node_follow((Node *)document), *metadata = node_at(root, "metadata");

	return str_printf(w->arena, "%.*s/%.*s", STR_ARGS(node_text_at(root, "kind")),
	                  STR_ARGS(node_text_at(metadata, "name")));
}

static void offer_path(void *context, const Node *scalar, Str path, bool is_key)
{
	Words *w = context;

	if (!is_key && path.len)
		offer(w, path, str_to(scalar->value, 40));
}

static void offer_resources(Words *w, Str wanted)
{
	ResourceSet set;

	if (!read_resources(w, &set))
		return;
	for (size_t i = 0; i < set.len; i++) {
		Str name = identity(w, set.documents[i]);
		if (!wanted.len)
			offer(w, name, S(""));
		else if (str_ieq(name, wanted))
			node_walk_scalars(w->arena, set.documents[i], offer_path, w);
	}
}

// --- arguments ---

static void offer_packages(Words *w)
{
	Fs *fs = fs_folder(w->arena, S("overlays/packages"), FS_LINKS_INSIDE);
	Str *spaces, *envs;
	size_t space_count, env_count;

	if (!fs_list(fs, w->arena, S("."), &spaces, &space_count, &w->diag))
		return;
	for (size_t i = 0; i < space_count; i++)
		if (fs_info(fs, spaces[i]).kind == FS_FOLDER &&
		    fs_list(fs, w->arena, spaces[i], &envs, &env_count, &w->diag))
			for (size_t k = 0; k < env_count; k++)
				offer(w, path_join(w->arena, spaces[i], envs[k]), S(""));
}

static void offer_shells(Words *w)
{
	for (size_t i = 0; i < SHELL_COUNT; i++)
		offer(w, str_c(SHELLS[i].name), S(""));
}

static void offer_functions(Words *w)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	for (size_t i = 0; i < count; i++)
		offer(w, str_c(rows[i]->name), str_c(rows[i]->help));
}

// Which argument of the command this is, options left out; `*first` is the first of them.
static size_t argument_number(const Words *w, Str *first)
{
	size_t number = 0;

	*first = S("");
	for (size_t i = 1; i + 1 < w->count; i++) {
		if (w->words[i].len && w->words[i].p[0] == '-')
			continue;
		if (!number++)
			*first = w->words[i];
	}
	return number;
}

static void offer_arguments(Words *w)
{
	const char *name = w->command->name;
	Str first;
	size_t number = argument_number(w, &first);

	if (!strcmp(name, "functions"))
		offer_functions(w);
	else if (!strcmp(name, "package"))
		offer_packages(w);
	else if (!strcmp(name, "why") && number == 0)
		offer_resources(w, S(""));
	else if (!strcmp(name, "why") && number == 1)
		offer_resources(w, first);
	else if (!strcmp(name, "completion") && number == 0)
		offer_shells(w);
	else if (!strcmp(name, "man") && number == 0)
		offer_commands(w);
	else if (!strcmp(name, "dependency") && number == 0)
		offer(w, S("list"), S("list a chart's dependencies"));
	else
		offer_files(w);
}

// --- finding the place ---

// The option that the word being typed is the argument of, or NULL. "--set=a.b" is typed in one, or split at "=".
static const HelpOption *option_before(Words *w)
{
	Str *current = &w->words[w->count - 1], before;
	size_t equals = str_find_byte(*current, '='), last = w->count - 2;
	const HelpOption *option;

	if (str_has_prefix(*current, S("--")) && equals != STR_NONE) {
		option = help_page_find(&w->page, str_slice(*current, 2, equals));
		*current = str_from(*current, equals + 1);
		return option && option->argument.len ? option : NULL;
	}
	if (str_is(*current, "="))
		*current = S("");
	else if (last > 0 && str_is(w->words[last], "="))
		last--;
	before = w->words[last];
	if (last == 0 || before.len < 2 || before.p[0] != '-')
		return NULL;
	option = str_has_prefix(before, S("--"))
	                 ? help_page_find(&w->page, str_from(before, 2))
	                 : help_page_find_letter(&w->page, before.p[before.len - 1]);
	return option && option->argument.len ? option : NULL;
}

static void offer_all(Words *w)
{
	const HelpOption *option;

	if (w->count == 1) {
		offer_commands(w);
		return;
	}
	w->command = command_find(str_to_c(w->arena, w->words[0]));
	if (!w->command || !w->command->summary)
		return;
	w->page = help_page(w->arena, w->command);
	option = option_before(w);
	if (option)
		offer_argument(w, option);
	else if (str_has_prefix(w->words[w->count - 1], S("-")))
		offer_options(w);
	else
		offer_arguments(w);
}

static int print_words(Arena *arena, int argc, char **argv)
{
	Words w = {.arena = arena,
	           .count = argc > 0 ? (size_t)argc : 1,
	           .out = buf_new(arena),
	           .diag = diag_new(arena)};

	w.words = ARENA_ARRAY(arena, Str, w.count);
	for (int i = 0; i < argc; i++)
		w.words[i] = str_c(argv[i]);
	if (argc == 0)
		w.words[0] = S("");
	offer_all(&w);
	fwrite(w.out.p, 1, w.out.len, stdout);
	return 0;
}

const OptionTable completion_options = {
	"Usage: cleat completion bash|zsh|fish",
	"Prints a script that makes the shell complete cleat's commands, options, rules, "
	"functions, golden\n"
	"renders, packages and, of the chart at hand, its values, resources and the paths in them.",
	(const Option[]){{.kind = OPTION_END}},
};

int cmd_completion(Arena *arena, int argc, char **argv)
{
	StrList names = {0};
	Buf notes = buf_new(arena);
	Diag diag = diag_new(arena);
	bool help = false;

	if (argc > 1 && !strcmp(argv[1], "words"))
		return print_words(arena, argc - 2, argv + 2);
	if (options_parse(arena, &completion_options, argc, argv, NULL, &names, &notes, &help,
	                  &diag) &&
	    help) {
		options_help(&completion_options, stdout);
		return 0;
	}
	for (size_t i = 0; names.len == 1 && i < SHELL_COUNT; i++)
		if (str_is(names.items[0], SHELLS[i].name)) {
			fputs(SHELLS[i].script, stdout);
			return 0;
		}
	diag_fail(&diag, "cleat completion takes bash, zsh or fish");
	print_failure(arena, &diag, false);
	return 2;
}

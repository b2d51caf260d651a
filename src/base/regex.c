// Compiles the tree of a pattern to a program, and the two machines that run programs.

#include "base/regex.h"

#include "base/regex_syntax.h"
#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>

typedef enum InstructionOp {
	I_FAIL,
	I_MATCH,
	I_SPLIT,  // goes on at `next`, and where that fails at `other`
	I_SAVE,   // notes the position in slot `other`
	I_ASSERT, // goes on where all conditions of `other` hold
	I_RUNE,   // the character `other`
	I_CLASS,  // a character of classes[other]
	I_ANY,
	I_ANY_NOT_NL,
} InstructionOp;

enum {
	AT_BEGIN_TEXT = 1,
	AT_END_TEXT = 2,
	AT_BEGIN_LINE = 4,
	AT_END_LINE = 8,
	AT_WORD = 16,
	AT_NO_WORD = 32,
};

typedef struct Instruction {
	uint32_t op, next, other;
} Instruction;

typedef struct CharClass {
	const uint32_t *ranges; // pairs, in order
	size_t count;           // of pairs
	uint64_t ascii[2];      // a bit for each of the first 128 characters
} CharClass;

// Pairs of instruction and position that the backtracker may have to remember, in bits: beyond it,
// clearing them for every search costs more than the Pike machine does.
#define BACKTRACK_BITS ((size_t)256 << 10)
#define VISITED_MAX    (BACKTRACK_BITS / 64 + 1)

typedef struct Job {
	uint32_t pc; // JOB_RESTORE: put `position` back into slot `slot`
	uint32_t slot;
	size_t position;
} Job;

#define JOB_RESTORE UINT32_MAX

// Threads of the Pike machine that wait at one position, in order of preference.
typedef struct Threads {
	uint32_t *dense;
	size_t *slots; // `wanted` of each
	size_t len, slots_cap;
} Threads;

// What the machines need to run, kept from one search to the next.
typedef struct Machine {
	uint64_t *visited;
	size_t visited_cap;
	Job *jobs;
	size_t job_count, job_cap;
	size_t *slots, *best; // of all groups
	Threads now, later;
	uint32_t *marks; // instructions already followed at this position, by generation
	uint32_t generation;
} Machine;

struct Regex {
	Arena *arena;
	Str pattern;
	Instruction *program;
	size_t length, cap;
	uint32_t start;
	CharClass *classes;
	size_t class_count, class_cap;
	size_t groups;
	Str *names;
	bool anchored;    // can only match at the beginning of the text
	bool first_known; // a match begins with one of the bytes in `first`
	uint8_t first[256];
	Machine *machine;
};

// Compiling. The program is put together from its end: emit(node, next) gives the instruction to
// begin with so that `node` matches and then the instruction `next` runs.

static uint32_t add(Regex *r, InstructionOp op, uint32_t next, uint32_t other)
{
	VEC_PUSH(r->arena, r->program, r->length, r->cap) = (Instruction){op, next, other};
	return (uint32_t)(r->length - 1);
}

static uint32_t add_split(Regex *r, uint32_t preferred, uint32_t other, bool lazy)
{
	return lazy ? add(r, I_SPLIT, other, preferred) : add(r, I_SPLIT, preferred, other);
}

static uint32_t add_class(Regex *r, const uint32_t *runes, size_t count, uint32_t next)
{
	CharClass class = {runes, count, {0, 0}};

	for (size_t i = 0; i < count; i++) {
		for (uint32_t c = runes[2 * i]; c <= runes[2 * i + 1] && c < 128; c++)
			class.ascii[c / 64] |= (uint64_t)1 << (c % 64);
	}
	VEC_PUSH(r->arena, r->classes, r->class_count, r->class_cap) = class;
	return add(r, I_CLASS, next, (uint32_t)(r->class_count - 1));
}

static uint32_t emit(Regex *r, RegexNode *node, uint32_t next);

// A character in all its cases.
static uint32_t emit_folded(Regex *r, uint32_t rune, uint32_t next)
{
	uint32_t smallest = rune, *runes;
	size_t count = 1;

	for (uint32_t c = unicode_fold(rune); c != rune; c = unicode_fold(c)) {
		smallest = c < smallest ? c : smallest;
		count++;
	}
	if (count == 1)
		return add(r, I_RUNE, next, rune);
	runes = ARENA_ARRAY(r->arena, uint32_t, 2 * count);
	for (size_t i = 0; i < count; i++) {
		runes[2 * i] = runes[2 * i + 1] = smallest;
		smallest = unicode_fold(smallest);
	}
	return add_class(r, runes, count, next);
}

static uint32_t emit_literal(Regex *r, const RegexNode *node, uint32_t next)
{
	for (size_t i = node->runes.len; i-- > 0;) {
		uint32_t rune = node->runes.items[i];

		next = node->fold ? emit_folded(r, rune, next) : add(r, I_RUNE, next, rune);
	}
	return next;
}

static int compare_runes(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return left[0] < right[0] ? -1 : left[0] > right[0];
}

static uint32_t emit_class(Regex *r, RegexNode *node, uint32_t next)
{
	uint32_t *runes = node->runes.items;
	size_t kept = 0;

	if (node->runes.len == 0)
		return add(r, I_FAIL, 0, 0);
	qsort(runes, node->runes.len / 2, 2 * sizeof *runes, compare_runes);
	for (size_t i = 0; i < node->runes.len; i += 2) {
		if (kept > 0 && runes[i] <= runes[kept - 1]) {
			if (runes[i + 1] > runes[kept - 1])
				runes[kept - 1] = runes[i + 1];
			continue;
		}
		runes[kept] = runes[i];
		runes[kept + 1] = runes[i + 1];
		kept += 2;
	}
	node->runes.len = kept;
	return add_class(r, runes, kept / 2, next);
}

// Whether the node can match without taking a character, as Go's compiler sees it: an assertion
// can.
static bool is_nullable(const RegexNode *node)
{
	switch (node->op) {
	case RX_NO_MATCH:
	case RX_LITERAL:
	case RX_CLASS:
	case RX_ANY:
	case RX_ANY_NOT_NL:
		return false;
	case RX_CAPTURE:
	case RX_PLUS:
		return is_nullable(node->subs[0]);
	case RX_REPEAT:
		return node->min == 0 || is_nullable(node->subs[0]);
	case RX_CONCAT:
		for (size_t i = 0; i < node->sub_count; i++) {
			if (!is_nullable(node->subs[i]))
				return false;
		}
		return true;
	case RX_ALTERNATE:
		for (size_t i = 0; i < node->sub_count; i++) {
			if (is_nullable(node->subs[i]))
				return true;
		}
		return false;
	default:
		return true;
	}
}

static uint32_t emit_plus(Regex *r, RegexNode *sub, bool lazy, uint32_t next)
{
	uint32_t loop = add(r, I_SPLIT, 0, 0);
	uint32_t body = emit(r, sub, loop);

	r->program[loop].next = lazy ? next : body;
	r->program[loop].other = lazy ? body : next;
	return body;
}

// x* of an x that can be empty is (x+)?: else the order in which ways are tried is not that of a
// backtracker.
static uint32_t emit_star(Regex *r, RegexNode *sub, bool lazy, uint32_t next)
{
	uint32_t loop, body;

	if (is_nullable(sub))
		return add_split(r, emit_plus(r, sub, lazy, next), next, lazy);
	loop = add(r, I_SPLIT, 0, 0);
	body = emit(r, sub, loop);
	r->program[loop].next = lazy ? next : body;
	r->program[loop].other = lazy ? body : next;
	return loop;
}

// x{2,5} is xx(x(x(x)?)?)?
static uint32_t emit_repeat(Regex *r, const RegexNode *node, uint32_t next)
{
	RegexNode *sub = node->subs[0];
	int copies = node->min;
	uint32_t end = next;

	if (node->max < 0) {
		if (node->min == 0)
			return emit_star(r, sub, node->lazy, next);
		next = emit_plus(r, sub, node->lazy, next);
		copies--;
	}
	for (int i = node->min; i < node->max; i++)
		next = add_split(r, emit(r, sub, next), end, node->lazy);
	for (int i = 0; i < copies; i++)
		next = emit(r, sub, next);
	return next;
}

static uint32_t emit_assert(Regex *r, RegexOp op, uint32_t next)
{
	static const uint32_t conditions[] = {
		[RX_BEGIN_LINE] = AT_BEGIN_LINE, [RX_END_LINE] = AT_END_LINE,
		[RX_BEGIN_TEXT] = AT_BEGIN_TEXT, [RX_END_TEXT] = AT_END_TEXT,
		[RX_WORD_BOUNDARY] = AT_WORD,    [RX_NO_WORD_BOUNDARY] = AT_NO_WORD,
	};

	return add(r, I_ASSERT, next, conditions[op]);
}

static uint32_t emit_alternate(Regex *r, const RegexNode *node, uint32_t next)
{
	uint32_t entry = emit(r, node->subs[node->sub_count - 1], next);

	for (size_t i = node->sub_count - 1; i-- > 0;)
		entry = add(r, I_SPLIT, emit(r, node->subs[i], next), entry);
	return entry;
}

static uint32_t emit_capture(Regex *r, const RegexNode *node, uint32_t next)
{
	uint32_t end = add(r, I_SAVE, next, (uint32_t)(2 * node->group + 1));

	return add(r, I_SAVE, emit(r, node->subs[0], end), (uint32_t)(2 * node->group));
}

// As deep as the tree is, which the parser limits.
static uint32_t emit(Regex *r, RegexNode *node, uint32_t next)
{
	switch (node->op) {
	case RX_NO_MATCH:
		return add(r, I_FAIL, 0, 0);
	case RX_LITERAL:
		return emit_literal(r, node, next);
	case RX_CLASS:
		return emit_class(r, node, next);
	case RX_ANY:
		return add(r, I_ANY, next, 0);
	case RX_ANY_NOT_NL:
		return add(r, I_ANY_NOT_NL, next, 0);
	case RX_CAPTURE:
		return emit_capture(r, node, next);
	case RX_STAR:
		return emit_star(r, node->subs[0], node->lazy, next);
	case RX_PLUS:
		return emit_plus(r, node->subs[0], node->lazy, next);
	case RX_QUEST:
		return add_split(r, emit(r, node->subs[0], next), next, node->lazy);
	case RX_REPEAT:
		return emit_repeat(r, node, next);
	case RX_CONCAT:
		for (size_t i = node->sub_count; i-- > 0;)
			next = emit(r, node->subs[i], next);
		return next;
	case RX_ALTERNATE:
		return emit_alternate(r, node, next);
	case RX_EMPTY:
		return next;
	default:
		return emit_assert(r, node->op, next);
	}
}

// Which bytes a match can begin with.

static void first_of_range(Regex *r, uint32_t first, uint32_t last)
{
	char low[4], high[4];

	utf8_encode(first, low);
	utf8_encode(last, high);
	memset(r->first + (uint8_t)low[0], 1, (size_t)((uint8_t)high[0] - (uint8_t)low[0]) + 1);
	// An invalid byte reads as U+FFFD.
	if (first <= 0xFFFD && last >= 0xFFFD)
		memset(r->first + 0x80, 1, 0x80);
}

// False where the instruction takes no character.
static bool first_of(Regex *r, const Instruction *in)
{
	switch (in->op) {
	case I_RUNE:
		first_of_range(r, in->other, in->other);
		return true;
	case I_CLASS:
		for (size_t i = 0; i < r->classes[in->other].count; i++) {
			const uint32_t *range = &r->classes[in->other].ranges[2 * i];

			first_of_range(r, range[0], range[1]);
		}
		return true;
	case I_ANY:
	case I_ANY_NOT_NL:
		memset(r->first, 1, sizeof r->first);
		return true;
	default:
		return in->op == I_FAIL;
	}
}

typedef struct Pending {
	uint32_t *items;
	size_t count;
	bool *seen;
} Pending;

static void pending_push(Pending *pending, uint32_t pc)
{
	if (pending->seen[pc])
		return;
	pending->seen[pc] = true;
	pending->items[pending->count++] = pc;
}

static void find_first(Regex *r)
{
	Pending pending = {ARENA_ARRAY(r->arena, uint32_t, r->length), 0,
	                   ARENA_ARRAY(r->arena, bool, r->length)};

	pending_push(&pending, r->start);
	r->first_known = true;
	while (pending.count > 0) {
		const Instruction *in = &r->program[pending.items[--pending.count]];

		if (in->op == I_MATCH) {
			r->first_known = false;
			return;
		}
		if (first_of(r, in))
			continue;
		pending_push(&pending, in->next);
		if (in->op == I_SPLIT)
			pending_push(&pending, in->other);
	}
}

static bool find_anchor(const Regex *r)
{
	uint32_t pc = r->start;

	while (r->program[pc].op == I_SAVE)
		pc = r->program[pc].next;
	return r->program[pc].op == I_ASSERT && (r->program[pc].other & AT_BEGIN_TEXT);
}

bool regex_compile(Arena *arena, Str pattern, Regex **out, Diag *diag)
{
	RegexTree tree;
	Regex *r;

	if (!regex_parse(arena, pattern, &tree, diag))
		return false;
	r = ARENA_NEW(arena, Regex);
	r->arena = arena;
	r->pattern = str_copy(arena, pattern);
	r->groups = tree.groups;
	r->names = ARENA_ARRAY(arena, Str, tree.groups + 1);
	for (size_t i = 0; i < tree.groups; i++)
		r->names[i] = str_copy(arena, tree.names[i]);
	r->start = emit(r, tree.root, add(r, I_MATCH, 0, 0));
	r->anchored = find_anchor(r);
	find_first(r);
	r->machine = ARENA_NEW(arena, Machine);
	r->machine->slots = ARENA_ARRAY(arena, size_t, 4 * (r->groups + 1));
	r->machine->best = r->machine->slots + 2 * (r->groups + 1);
	*out = r;
	return true;
}

Str regex_pattern(const Regex *regex)
{
	return regex->pattern;
}

size_t regex_groups(const Regex *regex)
{
	return regex->groups;
}

Str regex_group_name(const Regex *regex, size_t group)
{
	return group >= 1 && group <= regex->groups ? regex->names[group - 1] : S("");
}

// What both machines ask of the text.

typedef struct Run {
	const Regex *regex;
	Machine *machine;
	Str text;
	size_t wanted; // slots to fill: 0, 2, or those of all groups
} Run;

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

static bool assert_holds(Str text, size_t at, uint32_t conditions)
{
	bool begin = at == 0, end = at == text.len;

	if ((conditions & AT_BEGIN_TEXT) && !begin)
		return false;
	if ((conditions & AT_END_TEXT) && !end)
		return false;
	if ((conditions & AT_BEGIN_LINE) && !begin && text.p[at - 1] != '\n')
		return false;
	if ((conditions & AT_END_LINE) && !end && text.p[at] != '\n')
		return false;
	if (conditions & (AT_WORD | AT_NO_WORD)) {
		bool before = !begin && is_word_byte(text.p[at - 1]);
		bool after = !end && is_word_byte(text.p[at]);

		return (before != after) == ((conditions & AT_WORD) != 0);
	}
	return true;
}

static bool class_has(const CharClass *class, uint32_t rune)
{
	size_t low = 0, high = class->count;

	if (rune < 128)
		return class->ascii[rune / 64] >> (rune % 64) & 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rune < class->ranges[2 * middle])
			high = middle;
		else if (rune > class->ranges[2 * middle + 1])
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static bool takes(const Regex *r, const Instruction *in, uint32_t rune)
{
	switch (in->op) {
	case I_RUNE:
		return rune == in->other;
	case I_CLASS:
		return class_has(&r->classes[in->other], rune);
	case I_ANY_NOT_NL:
		return rune != '\n';
	default:
		return in->op == I_ANY;
	}
}

static size_t decode_at(Str text, size_t at, uint32_t *rune)
{
	if (at < text.len && (unsigned char)text.p[at] < 0x80) {
		*rune = (unsigned char)text.p[at];
		return 1;
	}
	return utf8_decode(str_from(text, at), rune);
}

// Where a match may begin, from `at` on; beyond the text where nowhere.
static size_t next_start(const Regex *r, Str text, size_t at)
{
	if (r->anchored)
		return at == 0 ? 0 : text.len + 1;
	if (!r->first_known)
		return at;
	while (at < text.len && !r->first[(unsigned char)text.p[at]])
		at++;
	return at < text.len ? at : text.len + 1;
}

// The backtracker.

static void push_job(Run *run, uint32_t pc, uint32_t slot, size_t position)
{
	Machine *m = run->machine;

	VEC_PUSH(run->regex->arena, m->jobs, m->job_count, m->job_cap) = (Job){pc, slot, position};
}

// Follows one way until it fails; true where it matches. The ways not taken are left as jobs.
static bool follow(Run *run, size_t from, uint32_t pc, size_t position)
{
	const Regex *r = run->regex;
	Machine *m = run->machine;
	size_t width = run->text.len - from + 1;
	uint32_t rune;

	for (;;) {
		const Instruction *in = &r->program[pc];
		size_t bit = pc * width + (position - from), size;

		if (m->visited[bit / 64] >> (bit % 64) & 1)
			return false;
		m->visited[bit / 64] |= (uint64_t)1 << (bit % 64);
		switch (in->op) {
		case I_FAIL:
			return false;
		case I_MATCH:
			m->slots[1] = position;
			return true;
		case I_SPLIT:
			push_job(run, in->other, 0, position);
			break;
		case I_SAVE:
			if (in->other < run->wanted) {
				push_job(run, JOB_RESTORE, in->other, m->slots[in->other]);
				m->slots[in->other] = position;
			}
			break;
		case I_ASSERT:
			if (!assert_holds(run->text, position, in->other))
				return false;
			break;
		default:
			size = decode_at(run->text, position, &rune);
			if (size == 0 || !takes(r, in, rune))
				return false;
			position += size;
		}
		pc = in->next;
	}
}

static bool backtrack_at(Run *run, size_t from, size_t start)
{
	Machine *m = run->machine;

	m->job_count = 0;
	push_job(run, run->regex->start, 0, start);
	while (m->job_count > 0) {
		Job job = m->jobs[--m->job_count];

		if (job.pc == JOB_RESTORE)
			m->slots[job.slot] = job.position;
		else if (follow(run, from, job.pc, job.position))
			return true;
	}
	return false;
}

static bool backtrack(Run *run, size_t from)
{
	Machine *m = run->machine;
	size_t words = run->regex->length * (run->text.len - from + 1) / 64 + 1;

	if (m->visited_cap < words) {
		m->visited_cap = 2 * words < VISITED_MAX ? 2 * words : VISITED_MAX;
		m->visited = ARENA_ARRAY(run->regex->arena, uint64_t, m->visited_cap);
	}
	memset(m->visited, 0, words * sizeof *m->visited);
	memset(m->slots, 0xFF, 2 * (run->regex->groups + 1) * sizeof *m->slots);
	// What one start has visited leads nowhere from any later one either.
	for (size_t at = from; (at = next_start(run->regex, run->text, at)) <= run->text.len;) {
		uint32_t rune;
		size_t size;

		m->slots[0] = at;
		if (backtrack_at(run, from, at)) {
			memcpy(m->best, m->slots, 2 * (run->regex->groups + 1) * sizeof *m->slots);
			return true;
		}
		size = decode_at(run->text, at, &rune);
		at += size > 0 ? size : 1;
	}
	return false;
}

// The Pike machine.

static void add_thread(Run *run, Threads *threads, uint32_t pc)
{
	const Regex *r = run->regex;
	size_t wanted = run->wanted;
	size_t need = (threads->len + 1) * wanted;

	if (need > threads->slots_cap) {
		size_t cap = need * 2;

		threads->slots =
			arena_grow(r->arena, threads->slots, threads->slots_cap * sizeof(size_t),
		                   cap * sizeof(size_t));
		threads->slots_cap = cap;
	}
	threads->dense[threads->len] = pc;
	if (wanted > 0)
		memcpy(threads->slots + threads->len * wanted, run->machine->slots,
		       wanted * sizeof(size_t));
	threads->len++;
}

// Adds all threads that `pc` leads to without taking a character, in order of preference. The slots
// that they take over are in machine->slots.
static void add_threads(Run *run, Threads *threads, uint32_t start, size_t position)
{
	const Regex *r = run->regex;
	Machine *m = run->machine;

	m->job_count = 0;
	push_job(run, start, 0, 0);
	while (m->job_count > 0) {
		Job job = m->jobs[--m->job_count];
		const Instruction *in;

		if (job.pc == JOB_RESTORE) {
			m->slots[job.slot] = job.position;
			continue;
		}
		if (m->marks[job.pc] == m->generation)
			continue;
		m->marks[job.pc] = m->generation;
		in = &r->program[job.pc];
		switch (in->op) {
		case I_FAIL:
			break;
		case I_SPLIT:
			push_job(run, in->other, 0, 0);
			push_job(run, in->next, 0, 0);
			break;
		case I_SAVE:
			if (in->other < run->wanted) {
				push_job(run, JOB_RESTORE, in->other, m->slots[in->other]);
				m->slots[in->other] = position;
			}
			push_job(run, in->next, 0, 0);
			break;
		case I_ASSERT:
			if (assert_holds(run->text, position, in->other))
				push_job(run, in->next, 0, 0);
			break;
		default:
			add_thread(run, threads, job.pc);
		}
	}
}

static void new_generation(Run *run)
{
	Machine *m = run->machine;

	if (++m->generation == 0) {
		memset(m->marks, 0, run->regex->length * sizeof *m->marks);
		m->generation = 1;
	}
}

// Lets every thread of `now` take `rune`. A match ends all threads that come after it.
static bool step(Run *run, uint32_t rune, size_t size, size_t position)
{
	Machine *m = run->machine;
	bool matched = false;

	m->later.len = 0;
	new_generation(run);
	for (size_t i = 0; i < m->now.len && !matched; i++) {
		const Instruction *in = &run->regex->program[m->now.dense[i]];

		if (in->op == I_MATCH) {
			if (run->wanted > 0) {
				memcpy(m->best, m->now.slots + i * run->wanted,
				       run->wanted * sizeof(size_t));
				m->best[1] = position;
			}
			matched = true;
		} else if (size > 0 && takes(run->regex, in, rune)) {
			if (run->wanted > 0)
				memcpy(m->slots, m->now.slots + i * run->wanted,
				       run->wanted * sizeof(size_t));
			add_threads(run, &m->later, in->next, position + size);
		}
	}
	return matched;
}

static void pike_prepare(Run *run)
{
	const Regex *r = run->regex;
	Machine *m = run->machine;

	if (m->marks == NULL) {
		m->marks = ARENA_ARRAY(r->arena, uint32_t, r->length);
		m->now.dense = ARENA_ARRAY(r->arena, uint32_t, r->length);
		m->later.dense = ARENA_ARRAY(r->arena, uint32_t, r->length);
	}
	m->now.len = 0;
}

static bool pike(Run *run, size_t from)
{
	Machine *m = run->machine;
	bool matched = false;
	size_t at = from;

	pike_prepare(run);
	new_generation(run);
	for (;;) {
		Threads swapped;
		uint32_t rune;
		size_t size;

		if (m->now.len == 0) {
			if (matched)
				return true;
			at = next_start(run->regex, run->text, at);
			if (at > run->text.len)
				return false;
			new_generation(run);
		}
		if (!matched && next_start(run->regex, run->text, at) == at) {
			memset(m->slots, 0xFF, run->wanted * sizeof *m->slots);
			if (run->wanted > 0)
				m->slots[0] = at;
			add_threads(run, &m->now, run->regex->start, at);
		}
		size = decode_at(run->text, at, &rune);
		if (step(run, rune, size, at)) {
			matched = true;
			if (run->wanted == 0)
				return true;
		}
		swapped = m->now;
		m->now = m->later;
		m->later = swapped;
		if (size == 0)
			return matched;
		at += size;
	}
}

static bool search(const Regex *regex, Str text, size_t from, size_t wanted)
{
	Run run = {regex, regex->machine, text, wanted};

	if (from > text.len)
		return false;
	if (text.len - from + 1 <= BACKTRACK_BITS / regex->length)
		return backtrack(&run, from);
	return pike(&run, from);
}

bool regex_search(const Regex *regex, Str text, size_t from, size_t *spans)
{
	size_t wanted = spans == NULL ? 0 : 2 * (regex->groups + 1);

	if (!search(regex, text, from, wanted))
		return false;
	if (spans != NULL)
		memcpy(spans, regex->machine->best, wanted * sizeof *spans);
	return true;
}

RegexWalk regex_walk(const Regex *regex, Str text, Arena *arena)
{
	size_t *spans = ARENA_ARRAY(arena, size_t, 2 * (regex->groups + 1));

	return (RegexWalk){regex, text, spans, 0, STR_NONE};
}

bool regex_next(RegexWalk *walk)
{
	while (walk->position <= walk->text.len) {
		size_t start, end;
		bool accepted = true;

		if (!regex_search(walk->regex, walk->text, walk->position, walk->spans))
			break;
		start = walk->spans[0];
		end = walk->spans[1];
		if (end == walk->position) {
			uint32_t rune;
			size_t size = decode_at(walk->text, walk->position, &rune);

			// No empty match right after a match.
			accepted = start != walk->last_end;
			walk->position += size > 0 ? size : 1;
		} else {
			walk->position = end;
		}
		walk->last_end = end;
		if (accepted)
			return true;
	}
	walk->position = walk->text.len + 1;
	return false;
}

// Replacing.

typedef struct Reference {
	Str name;
	int number; // -1 where the name is no number
	size_t length;
} Reference;

// $1, $name, ${name} at the start of `s`; false where it is malformed and the dollar stands for
// itself.
static bool parse_reference(Str s, Reference *out)
{
	bool brace = s.len > 1 && s.p[1] == '{';
	size_t start = brace ? 2 : 1, end = start;

	while (end < s.len) {
		uint32_t rune;
		size_t size = utf8_decode(str_from(s, end), &rune);

		if (rune != '_' && !unicode_is_letter(rune) && !unicode_is_digit(rune))
			break;
		end += size;
	}
	if (end == start || (brace && (end >= s.len || s.p[end] != '}')))
		return false;
	out->name = str_slice(s, start, end);
	out->length = end + brace;
	out->number = 0;
	for (size_t i = start; i < end && out->number >= 0; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || out->number >= 100000000)
			out->number = -1;
		else
			out->number = out->number * 10 + (s.p[i] - '0');
	}
	if (out->name.p[0] == '0' && out->name.len > 1)
		out->number = -1;
	return true;
}

static void write_group(const Regex *regex, Str text, const size_t *spans, size_t group,
                        const RegexOut *out)
{
	if (group <= regex->groups && spans[2 * group] != STR_NONE)
		out->write(out->context, str_slice(text, spans[2 * group], spans[2 * group + 1]));
}

static void write_reference(const Regex *regex, Str text, const size_t *spans, const Reference *ref,
                            const RegexOut *out)
{
	if (ref->number >= 0) {
		write_group(regex, text, spans, (size_t)ref->number, out);
		return;
	}
	for (size_t group = 1; group <= regex->groups; group++) {
		if (str_eq(regex->names[group - 1], ref->name) && spans[2 * group] != STR_NONE) {
			write_group(regex, text, spans, group, out);
			return;
		}
	}
}

void regex_expand(const Regex *regex, Str text, const size_t *spans, Str with, const RegexOut *out)
{
	while (with.len > 0) {
		size_t dollar = str_find_byte(with, '$');
		Reference ref;

		if (dollar == STR_NONE)
			break;
		out->write(out->context, str_to(with, dollar));
		with = str_from(with, dollar);
		if (with.len > 1 && with.p[1] == '$') {
			out->write(out->context, str_to(with, 1));
			with = str_from(with, 2);
		} else if (parse_reference(with, &ref)) {
			write_reference(regex, text, spans, &ref, out);
			with = str_from(with, ref.length);
		} else {
			out->write(out->context, str_to(with, 1));
			with = str_from(with, 1);
		}
	}
	out->write(out->context, with);
}

void regex_replace(const Regex *regex, Str text, Str with, bool literal, const RegexOut *out)
{
	size_t *spans = ARENA_ARRAY(out->arena, size_t, 2 * (regex->groups + 1));
	size_t last_end = 0, position = 0;

	literal = literal || str_find_byte(with, '$') == STR_NONE;
	while (position <= text.len && regex_search(regex, text, position, spans)) {
		uint32_t rune;
		size_t size;

		out->write(out->context, str_slice(text, last_end, spans[0]));
		// An empty match right after a match is none.
		if (spans[1] > last_end || spans[0] == 0) {
			if (literal)
				out->write(out->context, with);
			else
				regex_expand(regex, text, spans, with, out);
		}
		last_end = spans[1];
		size = decode_at(text, position, &rune);
		if (position + size > spans[1])
			position += size;
		else if (position + 1 > spans[1])
			position++;
		else
			position = spans[1];
	}
	out->write(out->context, str_from(text, last_end));
}

void regex_quote_meta(Str text, const RegexOut *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\0' || strchr("\\.+*?()|[]{}^$", text.p[i]) == NULL)
			continue;
		out->write(out->context, str_slice(text, kept, i));
		out->write(out->context, S("\\"));
		kept = i;
	}
	out->write(out->context, str_from(text, kept));
}

// The cache: open addressing, doubled when half full.

struct RegexCache {
	Arena *arena;
	Regex **slots;
	size_t cap, len;
};

RegexCache *regex_cache_new(Arena *arena)
{
	RegexCache *cache = ARENA_NEW(arena, RegexCache);

	cache->arena = arena;
	return cache;
}

static Regex **cache_slot(RegexCache *cache, Str pattern)
{
	size_t at = str_hash(pattern) & (cache->cap - 1);

	while (cache->slots[at] != NULL && !str_eq(cache->slots[at]->pattern, pattern))
		at = (at + 1) & (cache->cap - 1);
	return &cache->slots[at];
}

static void cache_grow(RegexCache *cache)
{
	Regex **old = cache->slots;
	size_t old_cap = cache->cap;

	cache->cap = old_cap > 0 ? old_cap * 2 : 32;
	cache->slots = ARENA_ARRAY(cache->arena, Regex *, cache->cap);
	for (size_t i = 0; i < old_cap; i++) {
		if (old[i] != NULL)
			*cache_slot(cache, old[i]->pattern) = old[i];
	}
}

bool regex_cached(RegexCache *cache, Str pattern, Regex **out, Diag *diag)
{
	Regex **slot;

	if (2 * (cache->len + 1) > cache->cap)
		cache_grow(cache);
	slot = cache_slot(cache, pattern);
	if (*slot == NULL) {
		if (!regex_compile(cache->arena, pattern, slot, diag))
			return false;
		cache->len++;
	}
	*out = *slot;
	return true;
}

// Times, zones, layouts, durations. More layouts, and every zone rule, are in
// tests/template/dates.test.

#include "base/gotime.h"
#include "unit.h"

static Str format(Arena *arena, int64_t seconds, const char *zone, const char *layout)
{
	GoTime t = {.seconds = seconds};
	Buf buf = buf_new(arena);

	assert_true(zone_load(arena, str_c(zone), &t.zone));
	gotime_format(&buf, &t, str_c(layout));
	return buf_view(&buf);
}

static void test_every_element_of_a_layout_prints(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(format(arena, 1136214245, "UTC",
	                  "Mon Monday Jan January 1 01 2 02 _2 002 __2 06 2006 15 3 03 4 04 5 05 "
	                  "PM pm"),
	           "Mon Monday Jan January 1 01 2 02  2 002   2 06 2006 15 3 03 4 04 5 05 PM pm");
	assert_str(format(arena, 0, "UTC", "MST Z07:00 -0700 .000 .999 Mont Janu"),
	           "UTC Z +0000 .000  Mont Janu");
	arena_free(arena);
}

static void test_the_calendar_reaches_as_far_as_seconds_do(void **state)
{
	UNIT_ARENA(arena);

	(void)state;
	assert_str(format(arena, -62135596800, "UTC", "2006-01-02"), "0001-01-01");
	assert_str(format(arena, 253402300800, "UTC", "2006-01-02"), "10000-01-01");
	assert_true(format(arena, INT64_MIN, "UTC", "2006-01-02 15:04:05").len > 0);
	assert_true(format(arena, INT64_MAX, "UTC", "2006-01-02 15:04:05").len > 0);
	arena_free(arena);
}

static void test_zones_follow_their_rules_beyond_their_table(void **state)
{
	UNIT_ARENA(arena);
	const Zone *zone;

	(void)state;
	if (!zone_load(arena, S("Europe/Berlin"), &zone))
		skip();
	assert_str(format(arena, 4102444800, "Europe/Berlin", "MST -0700"), "CET +0100");
	assert_str(format(arena, 4118000000, "Europe/Berlin", "MST -0700"), "CEST +0200");
	assert_str(format(arena, 4102444800, "Australia/Sydney", "MST -0700"), "AEDT +1100");
	arena_free(arena);
}

static void test_no_name_leads_out_of_the_zone_database(void **state)
{
	UNIT_ARENA(arena);
	const Zone *zone;

	(void)state;
	assert_false(zone_load(arena, S("../../../etc/localtime"), &zone));
	assert_false(zone_load(arena, S("/etc/localtime"), &zone));
	assert_false(zone_load(arena, S("Europe"), &zone));
	assert_false(zone_load(arena, S("No/Where"), &zone));
	assert_false(zone_load(arena, str_n("UTC\0x", 5), &zone));
	arena_free(arena);
}

static void assert_parse(const char *layout, const char *text, const char *printed)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	GoTime t;

	if (!gotime_parse(arena, str_c(layout), str_c(text), NULL, &t, &diag)) {
		assert_str(diag.message, printed);
	} else {
		gotime_print(&buf, &t);
		assert_str(buf_view(&buf), printed);
	}
	arena_free(arena);
}

static void test_parsing_says_what_does_not_fit(void **state)
{
	(void)state;
	assert_parse("2006-01-02", "2024-02-29", "2024-02-29 00:00:00 +0000 UTC");
	assert_parse("2006-01-02", "2023-02-29", "parsing time \"2023-02-29\": day out of range");
	assert_parse("2006-01-02", "x",
	             "parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\"");
	assert_parse("2006", "2006x", "parsing time \"2006x\": extra text: \"x\"");
	assert_parse("15:04:05 -0700", "10:11:12.5 +0130", "0000-01-01 10:11:12.5 +0130 +0130");
}

static void assert_duration(const char *text, const char *printed)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Buf buf = buf_new(arena);
	int64_t duration;

	if (!duration_parse(str_c(text), &duration, &diag)) {
		assert_str(diag.message, printed);
	} else {
		duration_print(&buf, duration);
		assert_str(buf_view(&buf), printed);
	}
	arena_free(arena);
}

static void test_durations(void **state)
{
	(void)state;
	assert_duration("1h2m3.5s", "1h2m3.5s");
	assert_duration("-90m", "-1h30m0s");
	assert_duration("1500us", "1.5ms");
	assert_duration("0", "0s");
	assert_duration("-2562047h47m16.854775808s", "-2562047h47m16.854775808s");
	assert_duration("2562047h47m16.854775808s",
	                "time: invalid duration \"2562047h47m16.854775808s\"");
	assert_duration("1d", "time: unknown unit \"d\" in duration \"1d\"");
	assert_duration("1", "time: missing unit in duration \"1\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_element_of_a_layout_prints),
		cmocka_unit_test(test_the_calendar_reaches_as_far_as_seconds_do),
		cmocka_unit_test(test_zones_follow_their_rules_beyond_their_table),
		cmocka_unit_test(test_no_name_leads_out_of_the_zone_database),
		cmocka_unit_test(test_parsing_says_what_does_not_fit),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

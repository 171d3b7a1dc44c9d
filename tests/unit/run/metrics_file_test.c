/* Where the file of metrics stands, that it is whole, and that nobody is stopped by it. */
#include "engine/run/metrics_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/log.h"

static void lies_at(const char *configured, const char *worker, const char *expected)
{
	char path[64];
	cr_assert(tw_metrics_path(configured, worker, path, sizeof(path)));
	cr_expect_str_eq(path, expected);
}

Test(metrics_file, a_workers_name_comes_before_the_ending)
{
	lies_at("/var/m/tw.prom", NULL, "/var/m/tw.prom");
	lies_at("/var/m/tw.prom", "a-1", "/var/m/tw.a-1.prom");
	lies_at("/var/m.d/tw", "a-1", "/var/m.d/tw.a-1");
	lies_at("m/.tw", "a-1", "m/.tw.a-1");
	lies_at(".tw", "a-1", ".tw.a-1");
	lies_at("tw.prom", "../x y", "tw..._x_y.prom");
}

Test(metrics_file, a_path_that_is_too_long_is_refused)
{
	char path[16];
	cr_expect(tw_metrics_path("12345678901", NULL, path, sizeof(path)), "it and the one beside it fit");
	cr_expect_not(tw_metrics_path("123456789012", NULL, path, sizeof(path)));
	cr_expect_not(tw_metrics_path("1234567.prom", "worker-1", path, sizeof(path)));
}

/* A folder of its own, a file in it, an engine that has settings alone. */
struct world {
	char folder[64], path[96];
	struct tw_settings settings;
	struct tw_engine engine;
	struct tw_metrics metrics;
};

static void world_make(struct world *world, int64_t interval_s)
{
	tw_log_setup(TW_LOG_ERROR + 1, false);
	snprintf(world->folder, sizeof(world->folder), "/tmp/tidewaiter-metrics-XXXXXX");
	cr_assert_not_null(mkdtemp(world->folder));
	snprintf(world->path, sizeof(world->path), "%s/tw.prom", world->folder);
	world->settings = (struct tw_settings){.metrics_path = world->path, .metrics_interval_s = interval_s};
	world->engine = (struct tw_engine){.settings = &world->settings};
	tw_metrics_begin(&world->metrics, &world->engine, NULL, "w", false);
}

static bool is_there(const struct world *world)
{
	return access(world->path, F_OK) == 0;
}

Test(metrics_file, it_is_written_when_it_is_time_and_leaves_nothing_beside_it)
{
	struct world world;
	char beside[128];
	world_make(&world, 3600);
	tw_metrics_step(&world.metrics, NULL);
	cr_assert(is_there(&world));
	snprintf(beside, sizeof(beside), "%s.new", world.path);
	cr_expect_neq(access(beside, F_OK), 0);
	unlink(world.path);
	tw_metrics_step(&world.metrics, NULL);
	cr_expect_not(is_there(&world), "an hour has not passed");
	tw_metrics_write(&world.metrics, NULL);
	cr_expect(is_there(&world), "asked for at once");
	unlink(world.path);
	rmdir(world.folder);
}

Test(metrics_file, without_a_path_and_without_a_folder_nothing_happens)
{
	struct world world;
	world_make(&world, 1);
	rmdir(world.folder);
	tw_metrics_write(&world.metrics, NULL);
	cr_expect_not(is_there(&world));
	world.settings.metrics_path = "";
	tw_metrics_begin(&world.metrics, &world.engine, NULL, "w", false);
	tw_metrics_step(&world.metrics, NULL);
	cr_expect_eq(world.metrics.path[0], '\0');
}

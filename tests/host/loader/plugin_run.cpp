#include "tests/host/loader/plugin_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "core/base/json_write.hpp"
#include "core/engine/plan.hpp"
#include "core/ir/parse.hpp"

extern char** environ;

namespace pflow::host::test {
namespace {

namespace fs = std::filesystem;

// What must outlive a run whose call was left behind. Nothing of it is ever freed; it stays reachable, so that a leak
// checker sees what is meant to stay.
struct Kept {
  Told told;
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Plan> plan;
  std::optional<SharedStore> store;
  RunControl control;
};

Kept& keep() {
  static auto* all = new std::vector<std::unique_ptr<Kept>>;
  all->push_back(std::make_unique<Kept>());
  return *all->back();
}

std::string outputs_json(const ValueMap& outputs) {
  std::vector<Member> members;
  for (const auto& [name, value] : outputs.entries())
    members.push_back({Value::string(name), value});
  return to_json(Value::object(members));
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "pflow-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = fs::canonical(name);
}

TempFolder::~TempFolder() {
  std::error_code ec;
  fs::remove_all(path_, ec);
}

fs::path TempFolder::file(std::string_view name, std::string_view content) const {
  const fs::path path = path_ / name;
  std::ofstream(path, std::ios::binary) << content;
  fs::permissions(path, static_cast<fs::perms>(0644));
  return path;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void Told::add(std::string word) {
  const std::lock_guard lock(mutex_);
  words_.push_back(std::move(word));
  more_.notify_all();
}

void Told::log(const Call*, LogLevel, std::string_view message, std::string_view fields_json) {
  add(fmt::format("log {} bytes, fields {} bytes: {}", message.size(), fields_json.size(), message.substr(0, 200)));
}

void Told::chunk(const Call&, std::string_view channel, std::string_view data) {
  add(fmt::format("chunk {} {} bytes", channel, data.size()));
}

void Told::emitted(const Call&, std::string_view kind, const Value& payload) {
  add(fmt::format("emitted {} {}", kind, to_json(payload)));
}

void Told::llm_usage(const Call& call, LlmUsageReport report) {
  add(fmt::format("usage {} {} {}+{}", call.identity().node_id, report.model, report.input_tokens.value_or(-1),
                  report.output_tokens.value_or(-1)));
}

void Told::http_exchange(const Call& call, HttpReport report) {
  add(fmt::format("http {} {} {} {} {}", call.identity().node_id, report.method, report.url, report.status,
                  report.error_code));
}

void Told::secret_resolved(std::string_view name, const Value& value) {
  const std::lock_guard lock(mutex_);
  secrets_.push_back(fmt::format("{}={}", name, value.text()));
}

std::vector<std::string> Told::secrets() const {
  const std::lock_guard lock(mutex_);
  return secrets_;
}

void Told::late_fault(std::string_view message) {
  add(fmt::format("late fault: {}", message));
}

std::vector<std::string> Told::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  more_.wait_for(lock, std::chrono::seconds(10), [&] { return words_.size() >= count; });
  return words_;
}

std::vector<std::string> Told::words() const {
  const std::lock_guard lock(mutex_);
  return words_;
}

Registry::Options options_for(const std::vector<fs::path>& files) {
  Registry::Options options;
  for (const fs::path& file : files)
    options.search.plugin_files.push_back(file.string());
  options.scanner.program = PFLOW_TEST_PROGRAM;
  return options;
}

Ran run_plugin(const fs::path& file, std::string_view type, const RunSetup& setup) {
  Kept& kept = keep();
  Ran ran;
  ran.told = &kept.told;
  std::string inputs;
  for (const std::string& name : setup.inputs)
    inputs += fmt::format(R"({}"{}": {{"type": "string"}})", inputs.empty() ? "" : ", ", name);
  const std::string document =
      fmt::format(R"({{"inputs": {{{}}}, "nodes": [{{"id": "n", "type": "{}", "params": {}{}}}{}]{}}})", inputs, type,
                  setup.params, setup.more_of_node, setup.more_nodes, setup.more_of_document);
  const std::optional<ir::Workflow> workflow = ir::parse_workflow(document, "flow.json", ran.problems);
  if (!workflow) return ran;
  Registry::Options options = options_for({file});
  options.events = &kept.told;
  options.services = setup.services;
  kept.registry = std::make_unique<Registry>(std::move(options));
  Problems warnings;
  kept.plan = make_plan(*workflow, setup.inputs, *kept.registry, ran.problems, warnings);
  if (!kept.plan || !instantiate(*kept.plan, *kept.registry, ran.problems)) return ran;
  kept.store.emplace(kept.plan->names);
  for (std::size_t i = 0; i < setup.inputs.size(); ++i)
    kept.store->set_input(static_cast<std::uint32_t>(i), Value::string("value of " + setup.inputs[i]));
  RunOptions run;
  run.run_id = "test";
  run.grace = setup.grace;
  run.events = &kept.told;
  ran.result = Engine(*kept.plan, kept.control, run).run(*kept.store);
  ran.outputs = outputs_json(kept.store->outputs(0));
  return ran;
}

std::string text_of(const Error& error, const fs::path& folder) {
  std::string text = fmt::format("{}: {}", error.code_text(), error.message);
  if (!error.where.empty()) text += "\n" + error.where;
  if (!error.hint.empty()) text += "\n" + error.hint;
  if (folder.empty()) return text;
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
    text.erase(at, prefix.size());
  return text;
}

Finished run_program(std::vector<std::string> arguments, const fs::path& home) {
  const TempFolder folder;
  const std::string out = (folder.path() / "out").string();
  const std::string err = (folder.path() / "err").string();
  arguments.insert(arguments.begin(), PFLOW_TEST_PROGRAM);
  std::vector<char*> argv;
  for (std::string& a : arguments)
    argv.push_back(a.data());
  argv.push_back(nullptr);
  std::string home_word = "PFLOW_HOME=" + home.string();
  std::vector<char*> env;
  for (char** e = environ; *e != nullptr; ++e) {
    if (!std::string_view(*e).starts_with("PFLOW_")) env.push_back(*e);
  }
  env.push_back(home_word.data());
  env.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  ::posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), env.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("the program cannot be started");
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  Finished finished;
  finished.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  finished.out = content_of(out);
  finished.err = content_of(err);
  finished.peak_kib = usage.ru_maxrss;
  return finished;
}

bool is_sanitized() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return true;
#else
  return false;
#endif
#else
  return false;
#endif
}

}  // namespace pflow::host::test

#include "host/cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>

#include <boost/program_options.hpp>

#include "core/base/suggest.hpp"
#include "host/cli/usage_error.hpp"

namespace pflow::host {
namespace {

namespace po = boost::program_options;

constexpr std::string_view kExitCodes =
    "Exit codes: 0 success, 1 the run failed, 2 usage error, 3 workflow or input invalid,\n"
    "4 every problem is a missing, refused or broken plugin, node type or provider, 5 finished degraded,\n"
    "129/130/143 ended by a signal, 141 nobody reads the output.\n";

constexpr std::string_view kSurroundings =
    "Environment: PFLOW_HOME (instead of ~/.pflow), PFLOW_PLUGIN_PATH (folders of plugins),\n"
    "PFLOW_INPUT_<NAME> (an input), PFLOW_LLM_PROVIDER, PFLOW_DEFAULT_MODEL,\n"
    "PFLOW_MAX_NODE_VISITS (100), NO_COLOR.\n"
    "Example: pflow-host run flow.json city=Oslo --output-format json\n";

po::options_description described(std::string_view groups) {
  po::options_description all("Options");
  auto add = all.add_options();
  add("help,h", "say how to use this");
  if (groups.find('g') != std::string_view::npos) {
    add("quiet,q", "errors only");
    add("verbose,v", po::value<std::string>()->value_name("LEVEL"),
        "more on stderr: plugins' logs; -vv their debug logs too");
    add("no-color", "no colours, whatever the terminal says");
  }
  if (groups.find('f') != std::string_view::npos) {
    add("output-format", po::value<std::string>()->value_name("text|json"), "text for people, or one line of JSON");
  }
  if (groups.find('p') != std::string_view::npos) {
    add("plugin", po::value<std::vector<std::string>>()->value_name("FILE"), "use this plugin too");
    add("plugin-dir", po::value<std::vector<std::string>>()->value_name("DIR"), "look for plugins here first");
  }
  if (groups.find('i') != std::string_view::npos) {
    add("input", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
        "an input; VALUE @FILE is a file's content, @@x the text @x");
    add("inputs-file", po::value<std::vector<std::string>>()->value_name("FILE"), "inputs from a JSON object");
  }
  if (groups.find('l') != std::string_view::npos) {
    add("llm-provider", po::value<std::string>()->value_name("NAME"), "the provider of llm nodes that name none");
    add("model", po::value<std::string>()->value_name("MODEL"), "the model of llm nodes that name none");
  }
  if (groups.find('$') != std::string_view::npos) {
    add("price", po::value<std::vector<std::string>>()->value_name("MODEL=IN/OUT"),
        "what a model costs, in USD per million tokens of input and output");
  }
  if (groups.find('@') != std::string_view::npos) {
    add("at", po::value<std::string>()->value_name("TIME"), "prices of this time (now): 2026-10-01T12:00:00Z");
  }
  if (groups.find('r') != std::string_view::npos) {
    add("trace", "write down what every node did, in ~/.pflow/debug");
    add("max-cost-usd", po::value<std::string>()->value_name("USD"), "start no further node once the run costs more");
    add("output-key,o", po::value<std::string>()->value_name("KEY"), "print this output only");
    add("timeout", po::value<std::string>()->value_name("SECONDS"), "end the run after this time");
    add("dry-run", "check everything, run nothing");
  }
  if (groups.find('t') != std::string_view::npos) {
    add("node", po::value<std::string>()->value_name("ID"), "show: this node's events, in full");
    add("event", po::value<std::string>()->value_name("SEQ"), "show: the event of this number, in full");
    add("keep", po::value<std::string>()->value_name("N"), "prune: how many of the newest stay");
  }
  if (groups.find('V') != std::string_view::npos) add("version", "say which version this is");
  return all;
}

// Everything that any command takes: to find the command among its options.
constexpr std::string_view kAllGroups = "gfpil$@rtV";

// What was parsed refers to the description it was parsed with, so both live here.
struct Parsed {
  std::unique_ptr<po::options_description> description;
  po::parsed_options options;
};

Parsed parse(const std::vector<std::string>& arguments, std::string_view groups) {
  auto all = std::make_unique<po::options_description>();
  all->add(described(groups));
  all->add_options()("words", po::value<std::vector<std::string>>());
  po::positional_options_description words;
  words.add("words", -1);
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::parsed_options options = po::command_line_parser(arguments).options(*all).positional(words).style(style).run();
  return {std::move(all), std::move(options)};
}

// "  -o, --output-key KEY      print this output only"
std::string options_text(const po::options_description& description) {
  std::string text;
  for (const auto& option : description.options()) {
    const std::string letter = option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    std::string name = letter.size() == 2 && letter.front() == '-' ? letter + ", " : "    ";
    name += "--" + option->long_name();
    // A level is written -vv and never stands alone.
    if (const std::string value = option->format_parameter(); !value.empty() && value != "LEVEL") name += " " + value;
    text += fmt::format("  {:<31} {}\n", name, option->description());
  }
  return text;
}

Error unknown_command(const std::string& name) {
  std::error_code ec;
  if (name.ends_with(".json") || std::filesystem::exists(name, ec)) {
    return usage_error(fmt::format("\"{}\" is no command", name),
                       fmt::format("Did you mean: pflow-host run {}?", name));
  }
  std::vector<std::string_view> names;
  for (const CommandInfo& c : commands())
    names.push_back(c.name);
  return usage_error(fmt::format("unknown command \"{}\"", name), did_you_mean(name, names, "Commands"));
}

Error unknown_option(const std::string& name, std::string_view groups, std::string_view command) {
  const po::options_description known = described(groups);
  std::vector<std::string> names;
  for (const auto& option : known.options())
    names.push_back("--" + option->long_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  return usage_error(
      command.empty() ? fmt::format("unknown option {}", name) : fmt::format("\"{}\" has no option {}", command, name),
      did_you_mean(name, views, "Options"));
}

// An option with an optional value would take the next word for it: -v, -vv and --verbose become --verbose=LEVEL.
std::vector<std::string> with_level(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  int level = 0;
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  for (auto at = arguments.begin(); at != end; ++at) {
    const int more = *at == "-v" || *at == "--verbose" ? 1 : *at == "-vv" ? 2 : 0;
    level += more;
    if (more == 0) out.push_back(*at);
  }
  if (level != 0) out.push_back(level == 1 ? "--verbose=1" : "--verbose=2");
  out.insert(out.end(), end, arguments.end());
  return out;
}

const CommandInfo* find_command(std::string_view name) {
  const auto& all = commands();
  const auto it = std::find_if(all.begin(), all.end(), [&](const CommandInfo& c) { return c.name == name; });
  return it == all.end() ? nullptr : &*it;
}

// A finite number and nothing else.
std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// A whole number that is not negative.
std::optional<std::uint64_t> count_of(const po::variables_map& given, const char* name, Problems& problems) {
  if (given.count(name) == 0) return std::nullopt;
  const std::string text = given[name].as<std::string>();
  std::uint64_t count = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (ec == std::errc() && end == text.data() + text.size()) return count;
  problems.push_back(usage_error(fmt::format("--{} must be a whole number, not \"{}\"", name, text)));
  return std::nullopt;
}

void take(const po::variables_map& given, Options& options, Problems& problems) {
  const auto strings = [&](const char* name) {
    return given.count(name) != 0 ? given[name].as<std::vector<std::string>>() : std::vector<std::string>();
  };
  options.help = given.count("help") != 0;
  options.version = given.count("version") != 0;
  options.no_color = given.count("no-color") != 0;
  options.dry_run = given.count("dry-run") != 0;
  options.plugin_files = strings("plugin");
  options.plugin_dirs = strings("plugin-dir");
  options.inputs = strings("input");
  options.inputs_files = strings("inputs-file");
  options.trace = given.count("trace") != 0;
  options.prices = strings("price");
  if (given.count("at") != 0) options.at = given["at"].as<std::string>();
  if (given.count("llm-provider") != 0) options.llm_provider = given["llm-provider"].as<std::string>();
  if (given.count("model") != 0) options.model = given["model"].as<std::string>();
  if (given.count("max-cost-usd") != 0) {
    const std::string text = given["max-cost-usd"].as<std::string>();
    options.max_cost_usd = number_in(text);
    constexpr double kMost = 1e9;
    if (!options.max_cost_usd || *options.max_cost_usd < 0 || *options.max_cost_usd > kMost) {
      problems.push_back(
          usage_error(fmt::format("--max-cost-usd must be an amount of US dollars such as 0.50, not \"{}\"", text)));
    }
  }
  if (given.count("output-key") != 0) options.output_key = given["output-key"].as<std::string>();
  if (given.count("timeout") != 0) {
    const std::string text = given["timeout"].as<std::string>();
    constexpr double kLongest = 365.0 * 24 * 3600;
    options.timeout_s = number_in(text);
    if (!options.timeout_s || *options.timeout_s <= 0 || *options.timeout_s > kLongest) {
      problems.push_back(usage_error(
          fmt::format("--timeout must be a number of seconds above 0, and at most a year, not \"{}\"", text)));
    }
  }
  if (given.count("node") != 0) options.trace_node = given["node"].as<std::string>();
  options.trace_event = count_of(given, "event", problems);
  options.trace_keep = count_of(given, "keep", problems);
  if (given.count("verbose") != 0) {
    const std::string level = given["verbose"].as<std::string>();
    options.verbosity = level == "1" ? 1 : 2;
    if (level != "1" && level != "2") problems.push_back(usage_error("write -v or -vv", ""));
  }
  if (given.count("quiet") != 0) options.verbosity = -1;
  if (given.count("output-format") != 0) {
    const std::string format = given["output-format"].as<std::string>();
    if (format == "json") options.format = OutputFormat::kJson;
    if (format != "json" && format != "text") {
      problems.push_back(usage_error(fmt::format("--output-format must be text or json, not \"{}\"", format), ""));
    }
  }
}

// Told before anything else is understood: a wrong command line is told in the format that it asks for.
OutputFormat format_asked_for(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const bool next_is_json = i + 1 < arguments.size() && arguments[i + 1] == "json";
    if (arguments[i] == "--output-format=json" || (arguments[i] == "--output-format" && next_is_json)) {
      return OutputFormat::kJson;
    }
  }
  return OutputFormat::kText;
}

// The command of a line that cannot be read as a whole.
const CommandInfo* command_among(const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    if (const CommandInfo* command = find_command(word)) return command;
  }
  return nullptr;
}

}  // namespace

const std::vector<CommandInfo>& commands() {
  static const std::vector<CommandInfo> table{
      {"run", "run WORKFLOW [KEY=VALUE ...]", "run a workflow: a file, or - for stdin", "gfpil$r"},
      {"validate", "validate WORKFLOW", "check a workflow and tell all its problems", "gfpl"},
      {"describe", "describe WORKFLOW", "a workflow's inputs, outputs, nodes and what it needs", "gfpl"},
      {"nodes", "nodes [NAME]", "the node types there are; or one with its parameters and outputs", "gfpl"},
      {"providers", "providers", "the LLM providers, and why each can or cannot be used", "gfpl"},
      {"plugins", "plugins", "the libraries found, used or refused, and why", "gfp"},
      {"pricing", "pricing show MODEL|list|cost", "what a model costs, or the responses in a file of JSON lines",
       "gf$@"},
      {"schema", "schema workflow|envelope|trace", "the JSON Schema of workflows, of the JSON line, of traces", "g"},
      {"trace", "trace list|show|repair|prune", "the traces of runs: list all, show or repair FILE|NAME|latest", "gft"},
      {"help", "help [COMMAND]", "this, or more on one command", "g"},
  };
  return table;
}

Options parse_command_line(const std::vector<std::string>& given_arguments, Problems& problems) {
  const std::vector<std::string> arguments = with_level(given_arguments);
  Options options;
  options.format = format_asked_for(arguments);
  std::string_view groups = kAllGroups;
  try {
    // First with every option there is, to find the command among them; then with the command's own.
    const Parsed loose = parse(arguments, groups);
    for (const auto& o : loose.options.options) {
      if (o.string_key == "words" && options.command.empty()) options.command = o.value.front();
    }
    if (options.command.empty()) {
      po::variables_map given;
      po::store(loose.options, given);
      take(given, options, problems);
      if (!options.help && !options.version) {
        problems.push_back(usage_error("no command given", "Try: pflow-host run WORKFLOW, or pflow-host --help."));
      }
      return options;
    }
    const CommandInfo* command = find_command(options.command);
    if (command == nullptr) {
      problems.push_back(unknown_command(options.command));
      return options;
    }
    groups = command->options;
    const Parsed own = parse(arguments, groups);
    po::variables_map given;
    po::store(own.options, given);
    take(given, options, problems);
    if (given.count("words") != 0) {
      const auto words = given["words"].as<std::vector<std::string>>();
      options.words.assign(words.begin() + 1, words.end());
    }
    if (options.command == "help" && !options.words.empty() && find_command(options.words.front()) == nullptr) {
      problems.push_back(unknown_command(options.words.front()));
    }
  } catch (const po::unknown_option& e) {
    if (const CommandInfo* command = command_among(arguments)) {
      options.command = command->name;
      groups = command->options;
    }
    problems.push_back(unknown_option(e.get_option_name(), groups, groups == kAllGroups ? "" : options.command));
  } catch (const po::error& e) {
    problems.push_back(usage_error(e.what(), groups == kAllGroups
                                                 ? "Try: pflow-host --help."
                                                 : fmt::format("Try: pflow-host {} --help.", options.command)));
  }
  return options;
}

std::string help_text(std::string_view name) {
  std::ostringstream out;
  if (const CommandInfo* command = find_command(name)) {
    out << "Usage: pflow-host " << command->usage << " [OPTIONS]\n\n"
        << command->summary << "\n\nOptions:\n"
        << options_text(described(command->options)) << '\n';
  } else {
    out << "Usage: pflow-host COMMAND ...\n\nRuns AI workflows whose nodes are plugins.\n\nCommands:\n";
    for (const CommandInfo& c : commands())
      out << fmt::format("  {:<30} {}\n", c.usage, c.summary);
    out << "\nOptions:\n"
        << options_text(described("V")) << "\nMore on one command: pflow-host COMMAND --help\n\n"
        << kSurroundings << "\n";
  }
  out << kExitCodes;
  return out.str();
}

}  // namespace pflow::host

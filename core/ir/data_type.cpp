#include <array>

#include "core/ir/workflow.hpp"

namespace pflow::ir {
namespace {

struct DataTypeWord {
  std::string_view word;
  DataType type;
};

// The names in the order of the enum, then the aliases.
constexpr std::array kWords{
    DataTypeWord{"string", DataType::kString},   DataTypeWord{"number", DataType::kNumber},
    DataTypeWord{"integer", DataType::kInteger}, DataTypeWord{"boolean", DataType::kBoolean},
    DataTypeWord{"object", DataType::kObject},   DataTypeWord{"array", DataType::kArray},
    DataTypeWord{"str", DataType::kString},      DataTypeWord{"float", DataType::kNumber},
    DataTypeWord{"int", DataType::kInteger},     DataTypeWord{"bool", DataType::kBoolean},
    DataTypeWord{"dict", DataType::kObject},     DataTypeWord{"list", DataType::kArray},
};

}  // namespace

std::string_view data_type_name(DataType type) noexcept {
  return kWords[static_cast<std::size_t>(type)].word;
}

std::optional<DataType> data_type_from(std::string_view name) noexcept {
  for (const DataTypeWord& w : kWords) {
    if (w.word == name) return w.type;
  }
  return std::nullopt;
}

bool has_type(const Value& v, DataType type) noexcept {
  switch (type) {
    case DataType::kString:
      return v.is_string();
    case DataType::kNumber:
      return v.is_number();
    case DataType::kInteger:
      return v.is_integer();
    case DataType::kBoolean:
      return v.type() == Value::Type::kBool;
    case DataType::kObject:
      return v.is_object();
    case DataType::kArray:
      return v.is_array();
  }
  return false;
}

const std::vector<std::string_view>& data_type_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> list;
    list.reserve(kWords.size());
    for (const DataTypeWord& w : kWords)
      list.push_back(w.word);
    return list;
  }();
  return words;
}

}  // namespace pflow::ir

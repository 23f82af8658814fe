"""The smallest interesting value that fits a JSON Schema: what a model under structured output would answer."""

MAX_DEPTH = 32


def value_for(schema, text, root=None, depth=0):
    """`text` becomes the strings. Understands type (also Gemini's capitals and lists), enum, const, properties, items,
    minItems, anyOf, oneOf, $ref within the schema, minimum."""
    root = schema if root is None else root
    if depth > MAX_DEPTH or not isinstance(schema, dict):
        return None
    if "$ref" in schema:
        return value_for(follow(root, schema["$ref"]), text, root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return value_for(schema[word][0], text, root, depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = (kind[0] if isinstance(kind, list) else kind).lower()
    if kind == "object":
        return {name: value_for(part, text, root, depth + 1) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        count = max(int(schema.get("minItems", 1)), 1)
        return [value_for(schema.get("items", {}), text, root, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return {"boolean": True, "null": None}.get(kind, text)


def follow(root, reference):
    place = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        place = place[step.replace("~1", "/").replace("~0", "~")] if step else place
    return place

//! Turns the operation tables of `model/*.json` into Rust statics, so that using them costs no parsing and no memory.

use std::{env, fmt::Write as _, fs, path::Path};

use serde_json::{Map, Value};

const SERVICES: [&str; 2] = ["bedrock_runtime", "bedrock"];

fn main() {
    println!("cargo::rerun-if-changed=model");
    let mut code = String::new();
    let mut members = 0;
    for service in SERVICES {
        let path = format!("model/{service}.json");
        let table: Value =
            serde_json::from_str(&fs::read_to_string(&path).expect("a committed table"))
                .expect("a table in JSON");
        write_service(&mut code, &mut members, service, &table);
    }
    writeln!(
        code,
        "/// How many members all tables have: the ids of [`Member`] are below it."
    )
    .unwrap();
    writeln!(code, "pub const MEMBERS: usize = {members};").unwrap();
    let out = Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("tables.rs");
    fs::write(out, code).expect("cargo's folder can be written");
}

fn write_service(code: &mut String, members: &mut usize, service: &str, table: &Value) {
    let upper = service.to_uppercase();
    let link = |shape: &Value| {
        format!(
            "&{upper}_{}",
            shape.as_str().expect("a shape's name").to_uppercase()
        )
    };
    for (name, shape) in map(&table["shapes"]) {
        let kind = kind(shape, members, &link);
        writeln!(
            code,
            "static {upper}_{}: Shape = Shape {{ name: {name:?}, min: {}, kind: {kind} }};",
            name.to_uppercase(),
            shape["min"]
                .as_u64()
                .map_or("None".into(), |min| format!("Some({min})")),
        )
        .unwrap();
    }
    let mut operations = String::new();
    for (name, row) in map(&table["operations"]) {
        write!(
            operations,
            "Operation {{ name: {name:?}, service: Service::{}, method: {}, path: {}, input: {}, output: {}, \
             errors: &{}, paginator: {} }}, ",
            camel(service),
            row["method"],
            row["path"],
            link(&row["input"]),
            link(&row["output"]),
            row["errors"],
            paginator(&row["paginator"]),
        )
        .unwrap();
    }
    writeln!(
        code,
        "static {upper}_OPERATIONS: &[Operation] = &[{operations}];"
    )
    .unwrap();
    let exceptions: Vec<String> = table["exceptions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(link)
        .collect();
    writeln!(
        code,
        "static {upper}_EXCEPTIONS: &[&Shape] = &[{}];",
        exceptions.join(", ")
    )
    .unwrap();
}

fn kind(shape: &Value, members: &mut usize, link: &dyn Fn(&Value) -> String) -> String {
    match shape["type"].as_str().expect("a type") {
        "structure" if shape["document"] == true => "Kind::Document".into(),
        "structure" => {
            let mut rows = String::new();
            for member in shape["members"].as_array().expect("a list") {
                let name = &member["name"];
                let location = match (member["location"].as_str(), &member["locationName"]) {
                    (None, Value::Null) if shape["payload"] == *name => "Location::Payload".into(),
                    (None, Value::Null) => "Location::Body".into(),
                    (None, _) => {
                        panic!("a body member with another wire name: teach the model about it")
                    }
                    (Some("uri"), wire) => format!("Location::Uri({wire})"),
                    (Some("querystring"), wire) => format!("Location::Query({wire})"),
                    (Some("header"), wire) => format!("Location::Header({wire})"),
                    (Some(other), _) => {
                        panic!("the location {other} is new: teach the model about it")
                    }
                };
                write!(
                    rows,
                    "Member {{ id: {members}, name: {name}, shape: {}, required: {}, idempotency_token: {}, \
                     location: {location} }}, ",
                    link(&member["shape"]),
                    member["required"] == true,
                    member["idempotencyToken"] == true,
                )
                .unwrap();
                *members += 1;
            }
            format!(
                "Kind::Structure(Structure {{ members: &[{rows}], union: {}, event_stream: {}, \
                 retryable: {} }})",
                shape["union"] == true,
                shape["eventstream"] == true,
                shape["retryable"] == true,
            )
        }
        "list" => format!("Kind::List({})", link(&shape["member"])),
        "map" => format!(
            "Kind::Map {{ key: {}, value: {} }}",
            link(&shape["key"]),
            link(&shape["value"])
        ),
        "string" => "Kind::String".into(),
        "integer" | "long" => "Kind::Integer".into(),
        "float" | "double" => "Kind::Float".into(),
        "boolean" => "Kind::Boolean".into(),
        "blob" => "Kind::Blob".into(),
        "timestamp" => "Kind::Timestamp".into(),
        other => panic!("the type {other} is new: teach the model about it"),
    }
}

fn paginator(row: &Value) -> String {
    if row.is_null() {
        return "None".into();
    }
    for plain in ["input_token", "output_token", "result_key"] {
        assert!(
            row[plain].is_string(),
            "a paginator with several {plain}s: teach the model about it"
        );
    }
    format!(
        "Some(Paginator {{ input_token: {}, output_token: {}, limit_key: {}, result_key: {} }})",
        row["input_token"],
        row["output_token"],
        row["limit_key"]
            .as_str()
            .map_or("None".into(), |key| format!("Some({key:?})")),
        row["result_key"],
    )
}

fn map(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

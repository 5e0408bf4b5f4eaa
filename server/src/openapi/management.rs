//! What the document says of management: made from the table that the routes are made from.

use model::mapi::{
    Kind, Property,
    calls::{About, Answer, BASE, Carries, Operation, Parameter, ParameterKind, Shape, operations},
};
use utoipa::openapi::{
    Components, ContentBuilder, HttpMethod, Info, OpenApi, OpenApiBuilder, Paths, Ref, RefOr,
    Required, ResponseBuilder, Schema,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{
        AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat,
        SchemaType, Type,
    },
};

use crate::service::management::is_flat;

/// The operations and their schemas.
pub(crate) fn document() -> OpenApi {
    let (mut paths, mut components) = (Paths::new(), Components::new());
    for operation in operations() {
        let described = described(operation, &mut components);
        let method = match operation.method.as_str() {
            "HEAD" => HttpMethod::Head,
            "PUT" => HttpMethod::Put,
            "POST" => HttpMethod::Post,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        paths.add_path_operation(operation.route, vec![method], described);
    }
    OpenApiBuilder::new()
        .info(Info::new("", ""))
        .paths(paths)
        .components(Some(components))
        .build()
}

fn described(operation: &Operation, components: &mut Components) -> OperationBuilder {
    let names = operation.segments().map(name);
    let parameters: Vec<_> = names
        .chain(operation.parameters.iter().map(parameter))
        .collect();
    let status = if operation.method == http::Method::PUT {
        "201"
    } else {
        "200"
    };
    OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(tag(operation))
        .summary(Some(operation.summary))
        .parameters(Some(parameters.into_iter().map(ParameterBuilder::build)))
        .request_body(body(operation, components))
        .response(status, answer(operation, components))
}

fn tag(operation: &Operation) -> &'static str {
    let below = operation.route.trim_start_matches(BASE);
    if below.starts_with("/services/replication") {
        "Replication"
    } else if below.starts_with("/services/erasureCoding") {
        "Erasure coding"
    } else if !below.starts_with("/tenants") && !below.contains("Accounts") {
        "System"
    } else if below.contains("Accounts") {
        "Accounts"
    } else if below.contains("/namespaces") {
        "Namespaces"
    } else {
        "Tenants"
    }
}

fn name(segment: &str) -> ParameterBuilder {
    let (about, example) = match segment {
        "tenant_name" => ("The tenant.", "acme"),
        "ns_name" | "namespace_name" => ("The namespace.", "archive"),
        "username" => ("The user.", "ops1"),
        "group_name" => ("The group.", "archivists@ad.example.com"),
        "content_class_name" => ("The content class.", "DICOM"),
        "retention_class_name" => ("The retention class.", "HlthReg-107"),
        "plan_name" => ("The service plan.", "Default"),
        "link_name" => ("The link to another system.", "east-west"),
        "chained_link_name" => ("The link whose objects go on.", "north-east"),
        "dir_name" => ("The directory of the default namespace.", "images"),
        "topology_name" => ("The topology.", "ec-3"),
        "certificate_id" => ("The certificate.", "cert-001"),
        "serial_number" => ("The number of the licence.", "300051"),
        _ => ("The protocol: `http`, `cifs`, `nfs` or `smtp`.", "http"),
    };
    ParameterBuilder::new()
        .name(segment)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1)),
        ))
        .example(Some(example.into()))
}

fn parameter(parameter: &Parameter) -> ParameterBuilder {
    let schema = parameter_schema(parameter.kind);
    let refused = parameter.kind == ParameterKind::Refused;
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .deprecated(refused.then_some(utoipa::openapi::Deprecated::True))
        .description(Some(parameter.about))
        .schema(Some(schema))
}

fn parameter_schema(kind: ParameterKind) -> ObjectBuilder {
    let plain = |kind: Type| ObjectBuilder::new().schema_type(kind);
    match kind {
        ParameterKind::Flag | ParameterKind::Action | ParameterKind::Ignored => {
            plain(Type::Boolean)
        }
        ParameterKind::Number => plain(Type::Integer).minimum(Some(0)),
        ParameterKind::Text | ParameterKind::Time | ParameterKind::Refused => plain(Type::String),
        ParameterKind::Word(words) => plain(Type::String).enum_values(Some(words.iter().copied())),
        ParameterKind::Secret => plain(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(1))
            .max_length(Some(model::mapi::password::MAX_LENGTH)),
    }
}

/// The body: the resource's properties, and the parameters that stand there as well.
fn body(operation: &Operation, components: &mut Components) -> Option<RequestBody> {
    if operation.carries == Carries::File {
        return Some(form(components));
    }
    let further: Vec<_> = operation.parameters.iter().filter(|p| p.in_body).collect();
    if operation.takes.is_none() && further.is_empty() {
        return None;
    }
    let resource = operation.takes.map_or("Password".to_owned(), |s| s.name());
    let name = if operation.method == http::Method::PUT || operation.takes.is_none() {
        format!("New{resource}")
    } else {
        format!("{resource}Change")
    };
    let properties = operation.takes.map_or(&[][..], |shape| shape.properties);
    let mut schema = properties.iter().fold(open(), |schema, property| {
        schema.property(property.name, taken(&property.kind))
    });
    for parameter in further {
        schema = schema.property(parameter.name, parameter_schema(parameter.kind));
    }
    for required in operation.required {
        if !required.contains(['.', '|']) {
            schema = schema.required(*required);
        }
    }
    components
        .schemas
        .insert(name.clone(), Schema::from(schema.build()).into());
    let body = RequestBodyBuilder::new()
        .content("application/json", of(Ref::from_schema_name(name)))
        .required(Some(
            if operation.takes.is_some() && operation.carries == Carries::Body {
                Required::True
            } else {
                Required::False
            },
        ));
    Some(body.build())
}

/// A form with a file.
fn form(components: &mut Components) -> RequestBody {
    let file = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .description(Some("The file."));
    let schema = ObjectBuilder::new().property("file", file).required("file");
    let name = "ManagementFile";
    components
        .schemas
        .insert(name.to_owned(), Schema::from(schema.build()).into());
    RequestBodyBuilder::new()
        .content("multipart/form-data", of(Ref::from_schema_name(name)))
        .required(Some(Required::True))
        .build()
}

fn answer(operation: &Operation, components: &mut Components) -> ResponseBuilder {
    let response = ResponseBuilder::new();
    let json = |response: ResponseBuilder, schema: RefOr<Schema>| {
        response.content("application/json", of(schema))
    };
    match operation.answers {
        Answer::Nothing => response.description("It is."),
        Answer::Text(media_type, name) => {
            // The document has types without parameters.
            let essence = media_type.split(';').next().unwrap_or(media_type);
            let content = of(text(Type::String));
            response
                .description(format!("The text, as the file `{name}`."))
                .content(essence, content)
        }
        Answer::Archive(name) => response
            .description(format!("`{name}`, as it comes from HCP."))
            .content("application/octet-stream", of(binary())),
        Answer::One(shape) => {
            let told = json(
                response.description("What HCP says, with null for what it leaves out."),
                told_of(&shape, components),
            );
            if shape.root == "chargebackReport" {
                told.content("text/csv", of(text(Type::String)))
            } else {
                told
            }
        }
        Answer::OneOf(shapes) => {
            let one = shapes.iter().fold(OneOfBuilder::new(), |one, shape| {
                one.item(told_of(shape, components))
            });
            let about = "What HCP says of the protocol.";
            json(
                response.description(about),
                Schema::from(one.build()).into(),
            )
        }
        Answer::Names(..) | Answer::Listed(..) | Answer::Candidates(..) | Answer::Members(..) => {
            list(operation.answers, components)
        }
        Answer::Status(word, about) => {
            let mut reply = ObjectBuilder::new()
                .property("status", text(Type::String))
                .required("status");
            match about {
                About::Nothing => {}
                About::Body(key) | About::Path(_, key) => {
                    reply = reply.property(key, text(Type::String));
                }
            }
            if operation.id == "reset_passwords" {
                let count = SchemaType::from_iter([Type::Integer, Type::Null]);
                let count = ObjectBuilder::new().schema_type(count).description(Some(
                    "How many accounts it reached; null where their roles cannot be seen.",
                ));
                reply = reply.property("accounts", count);
            }
            let about = format!("`{word}`.");
            json(
                response.description(about),
                Schema::from(reply.build()).into(),
            )
        }
    }
}

/// Lists, in the forms that there are.
fn list(answer: Answer, components: &mut Components) -> ResponseBuilder {
    let response = ResponseBuilder::new();
    let json = |response: ResponseBuilder, schema: RefOr<Schema>| {
        response.content("application/json", of(schema))
    };
    match answer {
        Answer::Names(below, shape) => {
            let names = ObjectBuilder::new()
                .property(below, ArrayBuilder::new().items(text(Type::String)))
                .required(below)
                .build();
            let Some(shape) = shape else {
                return json(
                    response.description("The names."),
                    Schema::from(names).into(),
                );
            };
            let full = ArrayBuilder::new().items(told_of(&shape, components));
            let either = OneOfBuilder::new().item(names).item(full).build();
            let about = "The names; with `verbose` all that is known of each. Who did not answer is named in \
                         the header `X-Hako-Partial`.";
            json(response.description(about), Schema::from(either).into())
        }
        Answer::Listed(below, shape) => {
            let list = ArrayBuilder::new().items(told_of(&shape, components));
            let listed = ObjectBuilder::new().property(below, list).required(below);
            let about = "What HCP says of each, with null for what it leaves out.";
            json(
                response.description(about),
                Schema::from(listed.build()).into(),
            )
        }
        Answer::Candidates(_, shape) => {
            let names = ArrayBuilder::new().items(text(Type::String));
            let names = ObjectBuilder::new()
                .property("name", names)
                .required("name");
            let full = ArrayBuilder::new().items(told_of(&shape, components));
            let either = OneOfBuilder::new().item(names).item(full).build();
            let about = "The names; with `verbose` all that is known of each.";
            json(response.description(about), Schema::from(either).into())
        }
        Answer::Members(property, shape) => {
            let about = format!("The names, as `{property}`; all else is null.");
            json(response.description(about), told_of(&shape, components))
        }
        _ => response,
    }
}

fn of(schema: impl Into<RefOr<Schema>>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema.into())).build()
}

fn binary() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
    let bytes = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(format));
    Schema::from(bytes.build()).into()
}

fn text(kind: Type) -> RefOr<Schema> {
    Schema::from(ObjectBuilder::new().schema_type(kind).build()).into()
}

/// An object that may have properties that nobody knows yet.
fn open() -> ObjectBuilder {
    ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true)))
}

/// The schema of a resource as it is answered, kept among the document's.
fn told_of(shape: &Shape, components: &mut Components) -> RefOr<Schema> {
    let name = shape.name();
    components
        .schemas
        .entry(name.clone())
        .or_insert_with(|| nested(shape.properties, open()));
    Ref::from_schema_name(name).into()
}

fn nested(properties: &[Property], schema: ObjectBuilder) -> RefOr<Schema> {
    let full = properties.iter().fold(schema, |schema, property| {
        schema
            .property(property.name, told(&property.kind))
            .required(property.name)
    });
    Schema::from(full.build()).into()
}

/// A property as it is answered: null where HCP says nothing; words may be new ones.
fn told(kind: &Kind) -> RefOr<Schema> {
    let plain = |kind: Type| {
        let kinds = SchemaType::from_iter([kind, Type::Null]);
        ObjectBuilder::new().schema_type(kinds)
    };
    let object = |builder: ObjectBuilder| {
        builder.schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
    };
    let done = |builder: ObjectBuilder| Schema::from(builder.build()).into();
    match kind {
        Kind::Flag => done(plain(Type::Boolean)),
        Kind::Number => done(plain(Type::Integer)),
        Kind::Decimal => done(plain(Type::Number)),
        Kind::Text => done(plain(Type::String)),
        Kind::Quota => done(plain(Type::String).examples([serde_json::json!("10.00 GB")])),
        Kind::Choice(words) => {
            let about = format!("{}, or a word of a newer HCP.", words.join(", "));
            done(plain(Type::String).description(Some(about)))
        }
        Kind::Nested(properties) => nested(properties, object(open())),
        Kind::List(wrapper, of) => {
            let list = ArrayBuilder::new()
                .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
                .items(told(of));
            if is_flat(wrapper) {
                Schema::from(list.build()).into()
            } else {
                done(object(ObjectBuilder::new()).property(*wrapper, list))
            }
        }
    }
}

/// A property as it is taken: words are known ones, and lists come with HCP's wrapper or without.
fn taken(kind: &Kind) -> RefOr<Schema> {
    let plain = |kind: Type| ObjectBuilder::new().schema_type(kind);
    let done = |builder: ObjectBuilder| Schema::from(builder.build()).into();
    match kind {
        Kind::Flag => done(plain(Type::Boolean)),
        Kind::Number => done(plain(Type::Integer)),
        Kind::Decimal => done(plain(Type::Number)),
        Kind::Text => done(plain(Type::String)),
        Kind::Quota => done(plain(Type::String).examples([serde_json::json!("10 GB")])),
        Kind::Choice(words) => done(plain(Type::String).enum_values(Some(words.iter().copied()))),
        Kind::Nested(properties) => {
            let each = properties.iter().fold(open(), |schema, property| {
                schema.property(property.name, taken(&property.kind))
            });
            done(each)
        }
        Kind::List(wrapper, of) => {
            let list = ArrayBuilder::new().items(taken(of)).build();
            if wrapper.is_empty() {
                return Schema::from(list).into();
            }
            let as_hcp = ObjectBuilder::new().property(*wrapper, list.clone());
            let either = OneOfBuilder::new().item(as_hcp).item(list);
            Schema::from(either.build()).into()
        }
    }
}

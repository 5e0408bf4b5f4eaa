//! What the schemas of `model` cannot say by themselves.

use model::{
    bucket::{Bucket, Owner},
    multipart::{OpenUpload, Part, UploadedPart},
    object::{DeletionError, Object},
    preview::{Content, Delimiter, Member, Members, Piece, Table, Tag, Target, Text, Value},
    problem::Problem,
    spelling::Spelled,
    version::{DeleteMarker, ObjectVersion},
};
use utoipa::{
    ToSchema,
    openapi::{OpenApi, RefOr, Schema, schema::Object as ObjectSchema},
};

/// Adds the error body, and the second spelling of list items.
pub(super) fn finish(document: &mut OpenApi) {
    add::<Problem>(document);
    // Values lie within values, so none of these is found from the answer that holds them.
    add::<Content>(document);
    add::<Delimiter>(document);
    add::<Member>(document);
    add::<Members>(document);
    add::<Piece>(document);
    add::<Table>(document);
    add::<Tag>(document);
    add::<Target>(document);
    add::<Text>(document);
    add::<Value>(document);
    spell::<Bucket>(document);
    spell::<Owner>(document);
    spell::<Object>(document);
    spell::<ObjectVersion>(document);
    spell::<DeleteMarker>(document);
    spell::<OpenUpload>(document);
    spell::<Part>(document);
    spell::<UploadedPart>(document);
    spell::<DeletionError>(document);
}

fn add<T: ToSchema>(document: &mut OpenApi) {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    document
        .components
        .get_or_insert_default()
        .schemas
        .extend(schemas);
}

/// Both spellings are always there.
fn spell<T: Spelled>(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    if let Some(RefOr::T(Schema::Object(schema))) = components.schemas.get_mut(&*T::name()) {
        for (ours, wire) in T::NAMES {
            second(schema, ours, wire);
        }
    }
}

fn second(schema: &mut ObjectSchema, ours: &str, wire: &str) {
    if let Some(field) = schema.properties.get(ours).cloned() {
        schema.properties.insert(wire.to_owned(), field);
    }
    for name in [ours, wire] {
        if !schema.required.iter().any(|r| r == name) {
            schema.required.push(name.to_owned());
        }
    }
}

"""What the SQL of each application makes otherwise than its last snapshot says, found in that SQL by reading.

A line is (class, kind, name, field, expected, actual); what is on one side only has no field. The comments
name the migration that does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

POLICIES = {  # 0006_rls: <name>_<command>_policy
    "projects": "insert select update delete",
    "canvas": "insert select update delete",
    "user_projects": "select update delete",
    "user_canvases": "insert select update delete",
    "frames": "insert select update delete",
    "users": "insert select update delete",
    "user_settings": "insert select update delete",
    "project_invitations": "insert select update delete",
}
NOT_VALID = {
    "check": (
        "usage_log.usage_log_billing_scope_all_or_none",  # 0218
        "workspace.workspace_storage_used_bytes_non_negative",  # 0260
        "webhook.webhook_registration_status_check",  # 0261
        "webhook.webhook_registration_generation_check",
        "credential.credential_managed_oauth_source_check",  # 0291
        "credential.credential_managed_oauth_group_binding_check",
    ),
    "foreign_key": (  # names as Postgres cuts them, at 63 bytes
        "workspace.workspace_forked_from_workspace_id_workspace_id_fk",  # 0250
        "workflow_schedule.workflow_schedule_deployment_operation_id_workflow_deployment_operation_id_fk"[
            :81
        ],
        "credential.credential_credential_group_enrollment_id_credential_group_enrollment_id_fk"[:74],
    ),
}
TRIGGERS = (
    "docs_embeddings.set_updated_at",  # 0051
    "user_table_rows.user_table_rows_insert_stmt_trigger",  # 0224, in place of those of 0158
    "user_table_rows.user_table_rows_delete_stmt_trigger",
    "user_table_rows.user_table_rows_version_insert_trigger",  # 0240
    "user_table_rows.user_table_rows_version_update_trigger",
    "user_table_rows.user_table_rows_version_delete_trigger",
    "folder.folder_parent_resource_type_match",  # 0272
    "document.document_secret_provenance_demote",  # 0283
    "embedding.embedding_secret_provenance_demote",
    "memory.memory_secret_provenance_demote",
    "user_table_rows.user_table_rows_secret_provenance_demote",
    "workspace_files.workspace_files_secret_provenance_demote",
)
FUNCTIONS = (
    "trigger_set_timestamp",  # 0051
    "increment_user_table_row_count",  # 0158, 0198
    "decrement_user_table_row_count",  # 0158
    "increment_user_table_row_count_stmt",  # 0224
    "decrement_user_table_row_count_stmt",
    "bump_user_table_rows_version",  # 0240
    "folder_parent_resource_type_match",  # 0272
    "demote_secret_provenance_version",  # 0283
    "demote_user_table_row_secret_provenance",
)


class Line(NamedTuple):
    """A difference, as the command tells it."""

    class_: str
    kind: str
    name: str
    field: str | None = None
    expected: str | None = None
    actual: str | None = None


def extra(kind: str, *names: str) -> Iterable[Line]:
    """Objects of one kind that only the SQL makes."""
    return (Line("extra", kind, name) for name in names)


AI_CHATBOT: tuple[Line, ...] = ()
ONLOOK = (
    *extra(
        "policy",
        *(f"public.{table}.{table}_{c}_policy" for table, all in POLICIES.items() for c in all.split()),
        "realtime.messages.Authenticated users can receive broadcasts",  # 0007
        "storage.objects.preview_images_select_policy",  # 0008
        "storage.objects.preview_images_insert_policy",
        "storage.objects.file_transfer_select_policy",  # 0012
        "storage.objects.file_transfer_insert_policy",
        "storage.objects.file_transfer_delete_policy",
    ),
    *extra(
        "function",
        "public.user_has_project_access(uuid, text[])",  # 0006
        "public.user_has_canvas_access(uuid, text[])",
        "public.project_changes()",  # 0007
    ),
    *extra(
        "trigger",
        "public.conversations.handle_conversations_changes",  # 0007
        "public.messages.handle_messages_changes",
    ),
    Line("missing", "schema", "auth"),  # no file makes them: Supabase has them
    Line("missing", "table", "auth.users"),
)
SIM = (
    *extra(
        "column",  # 0224, and no migration has dropped them
        *(
            f"public.user_table_definitions.import_{name}"
            for name in ("id", "status", "error", "started_at", "rows_processed")
        ),
    ),
    *extra("check", "public.invitation.invitation_kind_requires_org_id"),  # 0192
    *extra(
        "index",  # 0043
        "public.workflow_edges.workflow_edges_source_block_fk_idx",
        "public.workflow_edges.workflow_edges_target_block_fk_idx",
    ),
    *extra("trigger", *(f"public.{name}" for name in TRIGGERS)),
    *extra("function", *(f"public.{name}()" for name in FUNCTIONS)),
    *extra("extension", "vector"),  # 0039; no snapshot can hold it
    Line("different", "column", "public.embedding.embedding", "nullable", "null", "not null"),
    Line("different", "column", "public.user_stats.billing_blocked", "nullable", "not null", "null"),  # 0079
    Line(
        "different", "column", "public.user_table_rows.order_key", "collation", "none", "pg_catalog.C"
    ),  # 0228
    *(
        Line("different", kind, f"public.{name}", "validated", "valid", "not valid")
        for kind, names in NOT_VALID.items()
        for name in names
    ),
    Line("different", "table", "public.embedding", "storage", "none", "fillfactor = 85"),  # 0039
    Line("different", "table", "public.document", "storage", "none", "fillfactor = 90"),
    Line(
        "different",
        "table",
        "public.user_table_rows",  # 0233
        "storage",
        "none",
        "autovacuum_analyze_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.02",
    ),
)
DIFFERENCES = {"ai-chatbot": AI_CHATBOT, "onlook": ONLOOK, "sim": SIM}

# What a replay cannot tell: an index that is in no such database, for want of btree_gin, and Supabase's own
# table, of which the snapshot declares four columns, three of them otherwise than it has them.
AUTH_USERS = """
    aud banned_until confirmation_sent_at confirmation_token confirmed_at created_at deleted_at email_change
    email_change_confirm_status email_change_sent_at email_change_token_current email_change_token_new
    encrypted_password instance_id invited_at is_anonymous is_sso_user is_super_admin last_sign_in_at phone
    phone_change phone_change_sent_at phone_change_token phone_confirmed_at raw_app_meta_data
    reauthentication_sent_at reauthentication_token recovery_sent_at recovery_token role updated_at
"""
LIVE = {
    "sim": (
        Line("missing", "index", "public.user_table_rows.user_table_rows_tenant_data_gin_idx"),  # 0233
    ),
    "onlook": (
        *extra("column", *(f"auth.users.{name}" for name in AUTH_USERS.split())),
        *extra("check", "auth.users.users_email_change_confirm_status_check"),
        *extra("unique", "auth.users.users_phone_key"),
        Line("different", "column", "auth.users.email", "nullable", "not null", "null"),
        Line("different", "column", "auth.users.email", "type", "text", "varchar(255)"),
        Line("different", "column", "auth.users.email_confirmed_at", "type", "timestamp", "timestamptz"),
        Line("different", "table", "auth.users", "row_security", "no", "yes"),
    ),
}

# What somebody changes by hand in a database, and what must be told of it then.
BY_HAND = {
    "ai-chatbot": (
        (
            'ALTER TABLE "Vote_v2" ALTER "isUpvoted" DROP NOT NULL',
            Line("different", "column", "public.Vote_v2.isUpvoted", "nullable", "not null", "null"),
        ),
        ('ALTER TABLE "User" ADD UNIQUE (email)', Line("extra", "unique", "public.User.User_email_key")),
        (
            'ALTER TABLE "Message_v2" DROP CONSTRAINT "Message_v2_chatId_Chat_id_fk"',
            Line("missing", "foreign_key", "public.Message_v2.Message_v2_chatId_Chat_id_fk"),
        ),
        (
            'ALTER TABLE "User" ALTER email TYPE varchar(65)',
            Line("different", "column", "public.User.email", "type", "varchar(64)", "varchar(65)"),
        ),
    ),
    "onlook": (
        (
            "ALTER TABLE canvas DISABLE ROW LEVEL SECURITY",
            Line("different", "table", "public.canvas", "row_security", "yes", "no"),
        ),
        (
            "DROP POLICY users_select_policy ON users",
            Line("missing", "policy", "public.users.users_select_policy"),
        ),
        (
            "DROP TRIGGER handle_messages_changes ON messages",
            Line("missing", "trigger", "public.messages.handle_messages_changes"),
        ),
    ),
    "sim": (
        (
            "DROP INDEX webhook_routing_key_active_idx",
            Line("missing", "index", "public.webhook.webhook_routing_key_active_idx"),
        ),
        (
            "ALTER TABLE webhook VALIDATE CONSTRAINT webhook_registration_status_check",
            Line(
                "different",
                "check",
                "public.webhook.webhook_registration_status_check",
                "validated",
                "not valid",
                "valid",
            ),
        ),
        (
            "ALTER TABLE folder ALTER sort_order SET DEFAULT 7",
            Line("different", "column", "public.folder.sort_order", "default", "0", "7"),
        ),
        ("CREATE TABLE by_hand (id int PRIMARY KEY)", Line("extra", "table", "public.by_hand")),
    ),
}

# Where the SQL of a migration does not do what its snapshot says: by application and tag.
STEPS: dict[tuple[str, str], list[str]] = {
    # the snapshot before lacks what the SQL before made: a column of projects
    ("onlook", "0010_bent_edwin_jarvis"): [
        'refused: column "preview_img_url" of relation "projects" already exists',
    ],
    # the snapshot before lacks the enum that the SQL before made
    ("onlook", "0011_typical_clea"): [
        'refused: type "verification_request_status" already exists',
    ],
    # policies by hand, of a table that no snapshot has
    ("onlook", "0012_file-transfer-bucket"): [
        "missing policy storage.objects.file_transfer_delete_policy",
        "missing policy storage.objects.file_transfer_insert_policy",
        "missing policy storage.objects.file_transfer_select_policy",
    ],
    # this snapshot says that auth.users has row security; no SQL says so
    ("onlook", "0014_military_marrow"): [
        "different table auth.users row_security",
    ],
    # snapshots disagree on whether the schema auth, which Supabase makes, is theirs
    ("onlook", "0015_same_leo"): [
        'refused: schema "auth" already exists',
    ],
    # the same, the other way
    ("onlook", "0016_pretty_dust"): [
        "refused: cannot drop schema auth because other objects depend on it",
    ],
    # the same
    ("onlook", "0017_small_xavin"): [
        'refused: schema "auth" already exists',
    ],
    # functions by hand
    ("sim", "0289_warm_malice"): [
        "different function public.decrement_user_table_row_count() definition",
        "different function public.decrement_user_table_row_count_stmt() definition",
        "different function public.increment_user_table_row_count() definition",
        "different function public.increment_user_table_row_count_stmt() definition",
    ],
    # NOT VALID by hand, and no VALIDATE
    ("sim", "0291_fuzzy_wong"): [
        "different check public.credential.credential_managed_oauth_group_binding_check validated",
        "different check public.credential.credential_managed_oauth_source_check validated",
        "different foreign_key public.credential.credential_credential_group_enrollment_id_credential_group_enro validated",
    ],
}

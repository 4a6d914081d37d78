"""What is known of vendors' own MCP servers: endpoints, tools, arguments, and where the fields stand.

The tools' names are those that the vendors document; arguments and fields are those that were seen in use. Nothing was
tried against a live server, and a tool that differs is refused before it is called. None marks what only the
configuration can say. An entry's own keys go over those of its preset.
"""

from __future__ import annotations

from collections.abc import Mapping

JIRA_FIELDS = (
    "summary description status priority issuetype assignee reporter created updated resolutiondate labels components "
    "versions fixVersions comment"
)
COMPANY = ["name", "domain", "hs_object_id"]
OF_COMPANY = [{"associatedWith": [{"objectType": "companies", "operator": "EQUAL", "objectIdValues": ["{#account}"]}]}]

PRESETS: Mapping[str, Mapping[str, object]] = {
    "slack": {
        "category": "chat",
        "url": "https://mcp.slack.com/mcp",
        "search": {"tool": "slack_search_public", "query": "query", "limit": "limit"},
        "thread": {"tool": "slack_read_thread", "channel": "channel_id", "thread": "message_ts"},
        "fields": {"id": None, "channel": None, "at": None, "text": None},
    },
    "atlassian_jira": {
        "category": "project_tracker",
        "url": "https://mcp.atlassian.com/v1/mcp",
        "arguments": {"cloudId": None},
        "search": {
            "tool": "searchJiraIssuesUsingJql",
            "query": "jql",
            "limit": "maxResults",
            "phrase": "text ~ {} ORDER BY updated DESC",
            "items": "issues|issues.nodes",
            "arguments": {"fields": JIRA_FIELDS.split()},
        },
        "get": {"tool": "getJiraIssue", "id": "issueIdOrKey", "item": "issue|."},
        "fields": {
            "title": "fields.summary", "created_at": "fields.created", "kind": "fields.issuetype.name",
            "status": "fields.status.name", "priority": "fields.priority.name", "body": "fields.description",
            "assignee": "fields.assignee.displayName", "reporter": "fields.reporter.displayName",
            "updated_at": "fields.updated", "resolved_at": "fields.resolutiondate", "labels": "fields.labels",
            "component": "fields.components.name", "affects_version": "fields.versions.name",
            "fix_version": "fields.fixVersions.name", "url": "webUrl",
        },
        "comments": {"items": "fields.comment.comments|fields.comment.nodes", "at": "created", "public": "jsdPublic"},
    },
    "atlassian_confluence": {
        "category": "knowledge_base",
        "url": "https://mcp.atlassian.com/v1/mcp",
        "arguments": {"cloudId": None},
        "search": {
            "tool": "searchConfluenceUsingCql",
            "query": "cql",
            "limit": "limit",
            "phrase": "type = page AND text ~ {}",
            "items": "results|content|content.nodes|nodes",
        },
        "get": {
            "tool": "getConfluencePage",
            "id": "pageId",
            "item": "content.nodes.0|.",
            "arguments": {"contentFormat": "markdown"},
        },
        "fields": {
            "id": "content.id|id", "title": "content.title|title", "updated_at": "lastModified|version.createdAt",
            "body": "body|body.storage.value|excerpt|summary", "url": "webUrl|url", "labels": "metadata.labels.results",
        },
    },
    "intercom": {
        "category": "support_platform",
        "url": "https://mcp.intercom.com/mcp",
        "html": True,
        "search": {
            "tool": "search_conversations",
            "limit": "per_page",
            "arguments": {"query": {"field": "source.body", "operator": "~", "value": "{query}"}},
        },
        "get": {"tool": "get_conversation", "id": "id", "item": "conversation|."},
        "fields": {
            "subject": "title|source.subject|source.body", "status": "state", "requester": "source.author",
            "description": "source.body", "channel": "source.type", "tags": "tags.tags|tags",
        },
        "comments": {
            "items": "conversation_parts.conversation_parts|conversation_parts",
            "at": "created_at",
            "public": "not part_type=note",
        },
        "roles": {"user": "customer", "lead": "customer", "contact": "customer", "admin": "agent", "bot": "system"},
    },
    "hubspot": {
        "category": "crm",
        "url": "https://mcp.hubspot.com",
        "search": {
            "tool": "search_crm_objects", "query": "query", "limit": "limit", "items": "results", "total": "total",
            "arguments": {"objectType": "companies", "properties": COMPANY},
        },
        "get": {
            "tool": "search_crm_objects",
            "item": "results.0",
            "arguments": {
                "objectType": "companies",
                "properties": COMPANY,
                "filterGroups": [{"filters": [{"propertyName": "hs_object_id", "operator": "EQ", "value": "{id}"}]}],
            },
        },
        "contacts": {
            "tool": "search_crm_objects", "limit": "limit", "items": "results", "total": "total",
            "arguments": {
                "objectType": "contacts",
                "properties": ["firstname", "lastname", "email", "jobtitle", "phone"],
                "filterGroups": OF_COMPANY,
            },
            "fields": {
                "name": "properties.firstname+properties.lastname|properties.email", "email": "properties.email",
                "title": "properties.jobtitle", "phone": "properties.phone",
            },
        },
        "deals": {
            "tool": "search_crm_objects", "limit": "limit", "items": "results", "total": "total",
            "arguments": {
                "objectType": "deals",
                "properties": ["dealname", "amount", "deal_currency_code", "dealstage", "dealtype", "closedate"],
                "filterGroups": OF_COMPANY,
            },
            "fields": {
                "name": "properties.dealname", "amount": "properties.amount", "kind": "properties.dealtype",
                "currency": "properties.deal_currency_code", "stage": "properties.dealstage",
                "close_date": "properties.closedate",
            },
        },
        "fields": {"name": "properties.name", "domain": "properties.domain"},
    },
    "notion": {
        "category": "knowledge_base",
        "url": "https://mcp.notion.com/mcp",
        "search": {
            "tool": "notion-search", "query": "query", "items": "results", "arguments": {"query_type": "internal"},
            "fields": {"body": "highlight", "updated_at": "timestamp"},
        },
        "get": {"tool": "notion-fetch", "id": "id", "fields": {"body": "text"}},
    },
    "linear": {
        "category": "project_tracker",
        "url": "https://mcp.linear.app/mcp",
        "search": {"tool": "list_issues", "query": "query", "limit": "limit", "items": "issues|."},
        "get": {"tool": "get_issue", "id": "id"},
        "fields": {
            "key": "identifier|id", "created_at": "createdAt", "updated_at": "updatedAt", "resolved_at": "completedAt",
            "body": "description", "status": "state|status",
        },
        "comments": {
            "tool": "list_comments", "of": "issueId", "items": "comments|.", "at": "createdAt", "author": "user",
        },
    },
    "github": {
        "category": "project_tracker",
        "url": "https://api.githubcopilot.com/mcp",
        "arguments": {"owner": None, "repo": None},
        "search": {
            "tool": "search_issues", "query": "query", "limit": "perPage", "items": "items", "total": "total_count",
        },
        "get": {"tool": "issue_read", "id": "issue_number", "arguments": {"method": "get"}},
        "fields": {
            "key": "number", "status": "state", "assignee": "assignees", "reporter": "user", "url": "html_url",
            "resolved_at": "closed_at", "fix_version": "milestone.title|milestone", "component": "",
        },
        "comments": {
            "tool": "issue_read", "of": "issue_number", "items": "comments|.", "at": "created_at", "author": "user",
            "arguments": {"method": "get_comments"},
        },
    },
}  # fmt: skip
